import type { Page } from 'playwright-core';
import type { RuleFiring } from '../../src/contract/automation.js';
import { describeInBrowser, type Watched } from '../support/browser.js';
import { codeOf, earlyInStep } from '../support/authenticator.js';
import { signInToConsole, typeSignIn } from '../support/console.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildLabel,
  buildRoom,
  buildRule,
  buildTeam,
  newKey,
  PASSWORD,
  say,
  until,
  type Person,
  type Tenant,
} from '../support/factories.js';
import { startMailServer, tokenIn, type MailServer } from '../support/mail-server.js';
import { rest, type Answer } from '../support/rest.js';
import { HOSTILE, Visitors } from '../support/visitors.js';

const NEW_PASSWORD = 'another horse battery';

describeInBrowser('people, security and rules in the console', () => {
  let mail: MailServer;
  // Before the server, which is told its address.
  beforeAll(async () => {
    mail = await startMailServer();
  });
  const world = new Visitors(() => ({ SMTP_URL: mail.url }));
  afterAll(() => mail.close());
  const { axe, shows, visit } = world;

  const ask = (method: string, path: string, token: string, body?: unknown): Promise<Answer> =>
    rest(world.app.url, method, `/api/${path}`, { token, body });
  const agentOf = async ({ admin }: Tenant, id: string): Promise<any> =>
    (await ask('GET', 'agents', admin.token)).body.items.find((agent: any) => agent.id === id);
  const settings = (person: Person, name: string): Promise<Watched> =>
    signInToConsole(world, person, { path: `/console/settings/${name}`, heading: null });
  const go = async (page: Page, name: string): Promise<void> => {
    await page.goto(`${world.proxy.url}/console/settings/${name}`);
    await page.locator('.console-page h1').waitFor();
  };
  const choose = async (page: Page, field: string, option: string | RegExp): Promise<void> => {
    await page.getByRole('combobox', { name: field }).first().click();
    await page.getByRole('option', { name: option }).first().click();
  };
  /** Refused calls are said by the browser, too. */
  const own = (errors: string[]): string[] => errors.filter((error) => !/status of (400|401|403|404|409|410)/.test(error));
  const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();
  const dialog = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('dialog');
  /** As if the last code had been used long ago. */
  const forgetSteps = (): Promise<unknown> => world.app.sql('UPDATE second_factor SET last_step = 0');
  /** Sets a second factor up on the page that is open; its secret and recovery codes. */
  const setUp = async (page: Page): Promise<{ secret: string; codes: string[] }> => {
    await page.getByLabel('Your password').fill(PASSWORD);
    await press(page, 'Go on');
    const secret = await page.getByLabel('Secret').inputValue();
    await earlyInStep();
    await page.getByLabel('Code of the app').fill(codeOf(secret));
    await press(page, 'Switch it on');
    const list = page.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    const codes = await list.getByRole('listitem').allInnerTexts();
    expect(await axe(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
    await page.getByLabel('I have kept the codes').check();
    await press(page, 'Done');
    await forgetSteps();
    return { secret, codes };
  };
  /** A page that a mailed link led to. */
  const choosePassword = async (page: Page, password: string): Promise<void> => {
    await page.getByLabel('New password').fill(password);
    await press(page, 'Set password');
    await shows(page, 'Your password is set. You can sign in with it now.');
  };

  it('invites somebody, who chooses a password and comes in', async () => {
    const shop = await buildBusiness(world.app.url);
    const { page, errors } = await settings(shop.admin, 'agents');
    const email = `new-${newKey()}@shop.example`;
    await press(page, 'New agent');
    await page.getByLabel('Name').fill('Nell');
    await page.getByLabel('E-mail address').fill(email);
    expect(await axe(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Nell/ }).waitFor();
    const [first] = await mail.waitFor(email);
    await press(page, 'More for Nell');
    await page.getByRole('menuitem', { name: 'Send the invitation again' }).click();
    await shows(page, `An invitation is on its way to ${email}.`);
    const [, second] = await mail.waitFor(email, 2);
    const old = await visit(`/set-password#token=${tokenIn(first!)}`);
    await old.page.getByLabel('New password').fill(NEW_PASSWORD);
    await press(old.page, 'Set password');
    await old.page.getByText(/^This link was used already or is too old/).waitFor();
    const invited = await visit(`/set-password#token=${tokenIn(second!)}`, { colorScheme: 'dark' });
    await choosePassword(invited.page, NEW_PASSWORD);
    expect(await axe(invited.page)).toEqual([]);
    await invited.page.getByRole('link', { name: 'Sign in to the console' }).click();
    await typeSignIn(invited.page, email, NEW_PASSWORD);
    await invited.page.getByRole('heading', { name: 'Mine' }).waitFor();
    // Who has come is invited no more.
    await until(
      () => page.getByRole('row', { name: /Nell/ }).innerText(),
      (text) => text.toLowerCase().includes('online'),
    );
    await press(page, 'More for Nell');
    expect(await page.getByRole('menuitem', { name: 'Send the invitation again' }).count()).toBe(0);
    expect([...own(errors), ...own(old.errors), ...own(invited.errors)]).toEqual([]);
  });

  it('replaces a forgotten password, and leads no customer to the console', async () => {
    const shop = await buildBusiness(world.app.url);
    const person = await buildAgent(world.app.url, shop);
    const { page, errors } = await visit('/console');
    await press(page, 'Forgotten your password?');
    await page.getByLabel('E-mail address').fill(person.email!);
    await press(page, 'Send me a link');
    const [reset] = await mail.waitFor(person.email!);
    const link = await visit(`/set-password#token=${tokenIn(reset!)}`);
    await link.page.getByLabel('New password').fill('password');
    await press(link.page, 'Set password');
    await link.page.getByText(/common/).waitFor();
    await choosePassword(link.page, NEW_PASSWORD);
    await link.page.getByRole('link', { name: 'Sign in to the console' }).click();
    await typeSignIn(link.page, person.email!, PASSWORD);
    await shows(link.page, 'E-mail address or password is wrong.');
    await typeSignIn(link.page, person.email!, NEW_PASSWORD);
    await link.page.getByRole('heading', { name: 'Mine' }).waitFor();
    const customer = await buildCustomer(world.app.url, shop);
    await rest(world.app.url, 'POST', '/api/auth/password/forgot', { body: { email: customer.email } });
    const [theirs] = await mail.waitFor(customer.email!);
    const other = await visit(`/set-password#token=${tokenIn(theirs!)}`);
    await choosePassword(other.page, NEW_PASSWORD);
    expect(await other.page.getByRole('link').count()).toBe(0);
    expect([...own(errors), ...own(link.errors), ...own(other.errors)]).toEqual([]);
  });

  it('makes and changes agents, and says at the fields what is wrong', async () => {
    const shop = await buildBusiness(world.app.url);
    const teamId = await buildTeam(world.app.url, shop, [], HOSTILE[0]);
    const robin = await buildAgent(world.app.url, shop, { name: HOSTILE[1] });
    const { page, errors, requests } = await settings(shop.admin, 'agents');
    await press(page, 'New agent');
    await page.getByLabel('Name').fill('Nell');
    await page.getByLabel('E-mail address').fill(robin.email!);
    await page.getByLabel('By a password that you give now').check();
    await page.getByRole('textbox', { name: 'Password' }).fill('password');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page)
      .getByText(/too easy to guess/)
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Password' }).fill(NEW_PASSWORD);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Somebody else has this e-mail address.').waitFor();
    // Nothing is lost by that.
    expect(await page.getByLabel('Name').inputValue()).toBe('Nell');
    const email = `nell-${newKey()}@shop.example`;
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Conversations at the same time').fill('7');
    await choose(page, 'Teams', HOSTILE[0]!);
    await page.keyboard.press('Tab');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Nell/ }).waitFor();
    await page.getByText('0 of 7').waitFor();
    expect((await rest(world.app.url, 'POST', '/api/auth/login', { body: { email, password: NEW_PASSWORD } })).body.user).toMatchObject({
      ...{ name: 'Nell', role: 'agent', capacity: 7, teamIds: [teamId] },
    });
    await press(page, `Edit ${HOSTILE[1]}`);
    await page.getByLabel('Name').fill('Robin');
    await choose(page, 'Role', 'Admin');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Robin/ }).waitFor();
    expect(await agentOf(shop, robin.id)).toMatchObject({ name: 'Robin', role: 'admin', capacity: null });
    expect(await axe(page)).toEqual([]);
    expect(requests.filter((address) => !address.startsWith(world.proxy.url))).toEqual([]);
    expect(own(errors)).toEqual([]);
  });

  it('disables somebody, whose rooms go back to the queue, and keeps the last admin', async () => {
    const shop = await buildBusiness(world.app.url);
    const robin = await buildAgent(world.app.url, shop, { name: 'Robin' });
    const { room } = await buildRoom(world.app.url, shop);
    expect((await ask('POST', `rooms/${room.id}/claim`, robin.token)).status).toBe(200);
    const { page, errors } = await settings(shop.admin, 'agents');
    await press(page, 'More for Robin');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await dialog(page)
      .getByText(/The open conversation that Robin has goes back to the queue/)
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await shows(page, 'Robin is disabled.');
    expect(await agentOf(shop, robin.id)).toMatchObject({ disabled: true, load: 0 });
    expect((await ask('GET', `rooms/${room.id}`, shop.admin.token)).body.assignee).toBeNull();
    await page.getByRole('row', { name: /Robin.*Disabled/i }).waitFor();
    await press(page, 'More for Robin');
    await page.getByRole('menuitem', { name: 'Enable again' }).click();
    await shows(page, 'Robin may sign in again.');
    expect(await agentOf(shop, robin.id)).toMatchObject({ disabled: false });
    await press(page, 'More for Ada');
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await page.getByText(/^A business keeps at least one admin/).waitFor();
    expect(await agentOf(shop, shop.admin.id)).toMatchObject({ disabled: false });
    expect(own(errors)).toEqual([]);
  });

  it('changes who one is, the address and the password, and stays signed in', async () => {
    const shop = await buildBusiness(world.app.url);
    const robin = await buildAgent(world.app.url, shop, { name: 'Robin' });
    const { page, errors } = await settings(robin, 'profile');
    expect(await page.getByRole('navigation', { name: 'Settings' }).getByRole('button').allInnerTexts()).not.toContain('Agents');
    const about = page.getByRole('form', { name: 'About you' });
    await about.getByLabel('Name').first().fill(HOSTILE[2]!);
    await about.getByLabel('Username').fill('rob');
    await about.getByLabel('Address of a picture').fill('ftp://pictures.example/robin.png');
    await about.getByRole('button', { name: 'Save' }).click();
    await about.getByText('must be an http or https address').waitFor();
    await about.getByLabel('Address of a picture').fill('');
    await about.getByRole('button', { name: 'Save' }).click();
    await shows(page, 'Saved.');
    await page.locator('.console-nav').getByText(HOSTILE[2]!).waitFor();
    expect(await agentOf(shop, robin.id)).toMatchObject({ name: HOSTILE[2], username: 'rob', avatarUrl: null });
    const address = page.getByRole('form', { name: 'E-mail address' });
    const email = `robin-${newKey()}@shop.example`;
    await address.getByLabel('E-mail address').fill(email);
    await address.getByLabel('Present password').fill('not this one');
    await address.getByRole('button', { name: 'Save' }).click();
    await address.getByText('This is not your password.').waitFor();
    await address.getByLabel('Present password').fill(PASSWORD);
    await address.getByRole('button', { name: 'Save' }).click();
    await page.locator('.console-nav').getByText(email).waitFor();
    expect(await agentOf(shop, robin.id)).toMatchObject({ email, verified: false });
    const secret = page.getByRole('form', { name: 'Password' });
    await secret.getByLabel('Present password').fill(PASSWORD);
    await secret.getByLabel('New password').fill('password');
    await secret.getByRole('button', { name: 'Change the password' }).click();
    await secret.getByText(/too easy to guess/).waitFor();
    await secret.getByLabel('New password').fill(NEW_PASSWORD);
    expect(await axe(page)).toEqual([]);
    const tab = await page.context().newPage();
    await tab.goto(`${world.proxy.url}/console/all`);
    await tab.getByRole('heading', { name: 'All' }).waitFor();
    await secret.getByRole('button', { name: 'Change the password' }).click();
    await until(
      () => secret.getByLabel('New password').inputValue(),
      (text) => text === '',
    );
    expect((await ask('GET', 'auth/me', robin.token)).body.code).toBe('auth.session_ended');
    // Here one is in as before, also over the socket.
    await until(
      () => agentOf(shop, robin.id),
      ({ presence }) => presence === 'online',
    );
    await page.reload();
    await page.getByRole('form', { name: 'About you' }).waitFor();
    // So is the other tab, which hears what comes in.
    const { room, guest } = await buildRoom(world.app.url, shop);
    await say(world.app.url, guest, room.id, 'Heard in the other tab');
    await tab.getByText('Heard in the other tab').waitFor();
    expect((await rest(world.app.url, 'POST', '/api/auth/login', { body: { email, password: NEW_PASSWORD } })).status).toBe(200);
    expect(own(errors)).toEqual([]);
  });

  it('keeps in the browser how it looks, sounds and speaks', async () => {
    const { page, errors } = await settings(world.person, 'profile');
    await page.getByRole('radio', { name: 'Dark' }).locator('..').click();
    await page.getByRole('switch', { name: 'Sounds' }).click();
    await page.context().grantPermissions(['notifications']);
    await page.getByRole('switch', { name: 'Desktop notices' }).click();
    await choose(page, 'Language of the console', 'Deutsch');
    await page.getByRole('heading', { name: 'Dieser Browser' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Dieser Browser' }).waitFor();
    expect(await page.getByRole('switch', { name: 'Töne' }).isChecked()).toBe(false);
    expect(await page.getByRole('radio', { name: 'Dunkel' }).isChecked()).toBe(true);
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.mantineColorScheme])).toEqual([
      ...['de', 'dark'],
    ]);
    expect(await axe(page)).toEqual([]);
    await choose(page, 'Sprache der Konsole', 'Wie der Browser');
    await page.getByRole('heading', { name: 'This browser' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('sets a second factor up, signs in with it and with a recovery code, and switches it off', async () => {
    const shop = await buildBusiness(world.app.url);
    const robin = await buildAgent(world.app.url, shop, { name: 'Robin' });
    const { page, errors } = await settings(robin, 'security');
    await press(page, 'Set up a second factor');
    await page.getByLabel('Your password').fill('not this one');
    await press(page, 'Go on');
    await page.locator('form').getByText('This is not your password.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Your password').fill(PASSWORD);
    await press(page, 'Go on');
    await page.getByRole('img', { name: 'Code to scan' }).locator('path[d^=M]').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Code of the app').fill('000000');
    await press(page, 'Switch it on');
    await page.locator('form').getByText('This code is wrong, or was used before.').waitFor();
    await press(page, 'Cancel');
    await press(page, 'Set up a second factor');
    const { secret, codes } = await setUp(page);
    expect(codes).toHaveLength(10);
    await shows(page, 'On');
    const byCode = await visit('/console');
    await typeSignIn(byCode.page, robin.email!);
    await byCode.page.getByRole('textbox', { name: 'Code' }).fill('000000');
    expect(await axe(byCode.page)).toEqual([]);
    await press(byCode.page, 'Sign in');
    await shows(byCode.page, 'This code is wrong, or was used before.');
    await byCode.page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
    await press(byCode.page, 'Sign in');
    await byCode.page.getByRole('heading', { name: 'Mine' }).waitFor();
    const byRecovery = await visit('/console');
    await typeSignIn(byRecovery.page, robin.email!);
    await byRecovery.page.getByRole('textbox', { name: 'Code' }).fill(codes[0]!);
    await press(byRecovery.page, 'Sign in');
    await byRecovery.page.getByRole('heading', { name: 'Mine' }).waitFor();
    await press(page, 'New recovery codes');
    await dialog(page).getByLabel('Your password').fill(PASSWORD);
    await dialog(page).getByRole('textbox', { name: 'Code' }).fill(codes[0]!);
    await dialog(page).getByRole('button', { name: 'New recovery codes' }).click();
    await dialog(page).getByText('Password or code is wrong, or the code was used before.').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog(page).getByRole('textbox', { name: 'Code' }).fill(codes[1]!);
    await dialog(page).getByRole('button', { name: 'New recovery codes' }).click();
    const list = page.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    const renewed = await list.getByRole('listitem').allInnerTexts();
    expect(renewed.filter((code) => codes.includes(code))).toEqual([]);
    const download = page.waitForEvent('download');
    await press(page, 'Download');
    expect((await download).suggestedFilename()).toBe('parley-recovery-codes.txt');
    await page.getByLabel('I have kept the codes').check();
    await press(page, 'Done');
    await press(page, 'Switch it off');
    await dialog(page).getByLabel('Your password').fill(PASSWORD);
    await dialog(page).getByRole('textbox', { name: 'Code' }).fill(renewed[0]!);
    await dialog(page).getByRole('button', { name: 'Switch it off' }).click();
    await page.getByRole('button', { name: 'Set up a second factor' }).waitFor();
    const login = { email: robin.email, password: PASSWORD };
    expect((await rest(world.app.url, 'POST', '/api/auth/login', { body: login })).status).toBe(200);
    expect([...own(errors), ...own(byCode.errors), ...own(byRecovery.errors)]).toEqual([]);
  });

  it('requires a second factor of all: who lacks one is led to setting it up, and an admin helps who has lost it', async () => {
    const shop = await buildBusiness(world.app.url);
    const robin = await buildAgent(world.app.url, shop, { name: 'Robin' });
    const isRequired = async (): Promise<boolean> => {
      const [business] = await world.app.sql<{ settings: any }>('SELECT settings FROM business WHERE id = $1', [shop.id]);
      return business?.settings.secondFactorRequired;
    };
    const { page, errors } = await settings(shop.admin, 'security');
    const require = async (): Promise<void> => {
      await page.getByRole('switch', { name: 'Require a second factor' }).click();
      await dialog(page).getByRole('button', { name: 'Require it' }).click();
    };
    await require();
    await shows(page, 'Set up a second factor of your own first.');
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await press(page, 'Set up a second factor');
    await setUp(page);
    // The session that the test has was begun without it.
    expect((await ask('GET', 'auth/me', shop.admin.token)).body.code).toBe('auth.session_ended');
    const colleague = await signInToConsole(world, robin);
    await require();
    expect(await until(isRequired, Boolean)).toBe(true);
    await shows(colleague.page, 'Your session has ended. Please sign in again.');
    await shows(page, 'Your business requires a second factor, so it stays on.');
    expect(await page.getByRole('button', { name: 'Switch it off' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await typeSignIn(colleague.page, robin.email!);
    await colleague.page.getByRole('heading', { name: 'One more step' }).waitFor();
    expect(await axe(colleague.page)).toEqual([]);
    // Nothing else is to be had meanwhile, also after the page is loaded anew.
    await colleague.page.reload();
    await colleague.page.getByRole('heading', { name: 'One more step' }).waitFor();
    expect(await colleague.page.locator('.console-nav').count()).toBe(0);
    await setUp(colleague.page);
    await colleague.page.getByRole('heading', { name: 'Mine' }).waitFor();
    await go(page, 'agents');
    await press(page, 'More for Robin');
    await page.getByRole('menuitem', { name: 'Remove the second factor' }).click();
    expect(await axe(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Remove the second factor' }).click();
    await shows(page, 'Robin has no second factor now.');
    await shows(colleague.page, 'Your session has ended. Please sign in again.');
    expect(await world.app.sql('SELECT 1 FROM second_factor WHERE user_id = $1', [robin.id])).toEqual([]);
    await typeSignIn(colleague.page, robin.email!);
    await colleague.page.getByRole('heading', { name: 'One more step' }).waitFor();
    await go(page, 'security');
    await page.getByRole('switch', { name: 'Require a second factor' }).click();
    await shows(page, 'Saved.');
    await press(colleague.page, 'Sign out');
    await colleague.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await isRequired()).toBe(false);
    expect([...own(errors), ...own(colleague.errors)]).toEqual([]);
  });

  it('lists where one is signed in, and ends one and all others', async () => {
    const shop = await buildBusiness(world.app.url);
    const robin = await buildAgent(world.app.url, shop);
    const begin = async (agent: string): Promise<string> => {
      const body = { email: robin.email, password: PASSWORD };
      return (await rest(world.app.url, 'POST', '/api/auth/login', { body, headers: { 'User-Agent': agent } })).body.accessToken;
    };
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1';
    const tokens = [await begin(phone), await begin(HOSTILE[0]!)];
    const { page, errors } = await settings(robin, 'sessions');
    await page.getByRole('row', { name: /Chrome on .*This one/i }).waitFor();
    await page.getByText(HOSTILE[0]!, { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    await press(page, 'End Safari on iPhone');
    await until(
      () => ask('GET', 'auth/me', tokens[0]!),
      ({ status }) => status === 401,
    );
    expect((await ask('GET', 'auth/me', tokens[1]!)).status).toBe(200);
    await press(page, 'End all others');
    await dialog(page).getByRole('button', { name: 'End all others' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    for (const token of [...tokens, robin.token]) expect((await ask('GET', 'auth/me', token)).status).toBe(401);
    expect(await page.getByRole('row').count()).toBe(2);
    expect(errors).toEqual([]);
  });

  describe('rules', () => {
    const rulesOf = async ({ admin }: Tenant): Promise<any[]> => (await ask('GET', 'rules', admin.token)).body.items;

    it('begins with a template, is tried where it would and would not be followed, and is followed', async () => {
      const shop = await buildBusiness(world.app.url, HOSTILE[4]);
      const { room, guest } = await buildRoom(world.app.url, shop, await buildGuest(world.app.url, shop, 'Gwen'));
      await say(world.app.url, guest, room.id, 'My lamp is BROKEN');
      const other = await buildRoom(world.app.url, shop, await buildGuest(world.app.url, shop, HOSTILE[0]));
      await say(world.app.url, other.guest, other.room.id, HOSTILE[1]!);
      const { page, errors } = await settings(shop.admin, 'automation');
      await page.getByText(/^No rules yet/).waitFor();
      expect(await axe(page)).toEqual([]);
      await press(page, 'Begin with this: Urgent words first');
      await press(page, 'Add an action');
      await page.getByRole('combobox', { name: 'Action 2' }).click();
      await page.getByRole('option', { name: 'Write a note' }).click();
      await page.getByRole('textbox', { name: 'Text' }).fill('Urgent for {{nobody}} ');
      await choose(page, 'Conversation', /^Gwen/);
      await press(page, /^Try$/);
      // A fault of a text stands at the text, whether it is tried or saved.
      await page
        .getByRole('group', { name: 'Action 2' })
        .getByText(/nobody/)
        .nth(1)
        .waitFor();
      await page.getByRole('textbox', { name: 'Text' }).fill('Urgent for ');
      await press(page, 'Name of the customer');
      await press(page, /^Try$/);
      const result = page.locator('[role=status]', { hasText: 'would' });
      await result.getByText('The rule would be followed', { exact: true }).waitFor();
      expect(await result.innerText()).toContain('Here: My lamp is BROKEN');
      expect(await result.innerText()).toContain('Note: Urgent for Gwen');
      expect(await axe(page)).toEqual([]);
      await page.getByRole('combobox', { name: 'Conversation' }).click();
      await page.getByRole('option', { name: HOSTILE[0] }).click();
      await press(page, /^Try$/);
      await result.getByText('The rule would not be followed').waitFor();
      expect(await result.innerText()).toContain(`Here: ${HOSTILE[1]}`);
      expect((await ask('GET', `rooms/${room.id}`, shop.admin.token)).body.priority).toBe('normal');
      await press(page, 'Save');
      await page.getByRole('table').waitFor();
      expect(await rulesOf(shop)).toMatchObject([
        {
          ...{ name: 'Urgent words first', enabled: true, event: 'message.created' },
          conditions: [{ field: 'message.sender' }, { field: 'message.body', operator: 'contains' }],
          actions: [
            { type: 'priority', value: 'urgent' },
            { type: 'note', value: 'Urgent for {{customer.name}}' },
          ],
        },
      ]);
      await say(world.app.url, guest, room.id, 'It is urgent');
      await until(
        () => ask('GET', `rooms/${room.id}`, shop.admin.token),
        ({ body }) => body.priority === 'urgent',
      );
      await until(
        () => ask('GET', 'rules/firings', shop.admin.token),
        ({ body }) => body.items.some(({ actions }: RuleFiring) => actions.length > 0),
      );
      await press(page, 'Log of Urgent words first');
      await page.getByRole('cell', { name: /Note: Urgent for/ }).waitFor();
      await press(page, 'Open the conversation');
      await page.getByRole('log').getByText('It is urgent').waitFor();
      expect(own(errors)).toEqual([]);
    });

    it('is written with each kind of field, put in order, switched off, changed and deleted', async () => {
      const shop = await buildBusiness(world.app.url);
      await buildLabel(world.app.url, shop, HOSTILE[1]!.slice(0, 60));
      const teamId = await buildTeam(world.app.url, shop, [], 'Billing');
      const robin = await buildAgent(world.app.url, shop, { name: 'Robin' });
      const { page, errors } = await settings(shop.admin, 'automation/new');
      await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill(HOSTILE[0]!);
      await choose(page, 'When', 'A conversation begins');
      const condition = async (number: number, field: string): Promise<ReturnType<Page['getByRole']>> => {
        await press(page, 'Add a condition');
        const group = page.getByRole('group', { name: `Condition ${number}` });
        await group.getByRole('combobox', { name: 'What' }).click();
        await page.getByRole('option', { name: field, exact: true }).click();
        return group;
      };
      const one = await condition(1, 'Label of the customer');
      await one.getByRole('combobox', { name: 'One of these' }).click();
      await page.getByRole('option', { name: HOSTILE[1]! }).click();
      await page.keyboard.press('Escape');
      const two = await condition(2, 'Held by');
      await two.getByRole('combobox', { name: 'How' }).click();
      await page.getByRole('option', { name: 'is missing' }).click();
      const three = await condition(3, 'A field of the context …');
      await three.getByLabel('Name of the field').fill('not a key');
      await three.getByRole('combobox', { name: 'One of these' }).fill('Pro, and more');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'Action 1' }).click();
      await page.getByRole('option', { name: 'Give to a team' }).click();
      await page.getByRole('group', { name: 'Action 1' }).getByRole('combobox', { name: 'Team' }).last().click();
      await page.getByRole('option', { name: 'Billing' }).click();
      await press(page, 'Add an action');
      await page.getByRole('combobox', { name: 'Action 2' }).click();
      await page.getByRole('option', { name: 'Give to an agent' }).click();
      await page.getByRole('group', { name: 'Action 2' }).getByRole('combobox', { name: 'Agent' }).last().click();
      await page.getByRole('option', { name: 'Robin' }).click();
      await press(page, 'Move Action 2 up');
      await press(page, 'Save');
      await three.getByText(/must be one of/).waitFor();
      await three.getByLabel('Name of the field').fill('plan');
      expect(await axe(page)).toEqual([]);
      await press(page, 'Save');
      await page.getByRole('table').waitFor();
      const [rule] = await rulesOf(shop);
      expect(rule).toMatchObject({
        ...{ name: HOSTILE[0], event: 'room.created' },
        conditions: [
          { field: 'customer.label', operator: 'is', values: [HOSTILE[1]] },
          { field: 'room.assignee', operator: 'is_unset', values: [] },
          { field: 'context.plan', operator: 'is', values: ['Pro, and more'] },
        ],
        actions: [
          { type: 'assign', value: robin.id },
          { type: 'team', value: teamId },
        ],
      });
      await page.getByRole('switch', { name: `Follow ${HOSTILE[0]}` }).press('Space');
      await until(
        () => rulesOf(shop),
        ([{ enabled }]) => !enabled,
      );
      expect(await axe(page)).toEqual([]);
      await press(page, `Edit ${HOSTILE[0]}`);
      await press(page, 'Delete Condition 1');
      await page.getByRole('group', { name: 'Action 1' }).getByRole('combobox', { name: 'Agent' }).last().click();
      await page.getByRole('option', { name: 'Give back to the queue' }).click();
      await press(page, 'Save');
      await page.getByRole('table').waitFor();
      const [changed] = await rulesOf(shop);
      expect(changed).toMatchObject({ enabled: false, conditions: [{ field: 'room.assignee' }, {}], actions: [{ value: null }, {}] });
      expect(changed.conditions).toHaveLength(2);
      await press(page, `Delete ${HOSTILE[0]}`);
      expect(await axe(page)).toEqual([]);
      await dialog(page).getByRole('button', { name: 'Delete' }).click();
      await page.getByText(/^No rules yet/).waitFor();
      expect(await rulesOf(shop)).toEqual([]);
      expect(own(errors)).toEqual([]);
    });

    it('tells in the log what was done, what was not and why, and by one rule alone', async () => {
      const shop = await buildBusiness(world.app.url);
      await buildLabel(world.app.url, shop, 'Gone');
      const lasting = await buildRule(world.app.url, shop, { name: 'Lasting' });
      const broken = await buildRule(world.app.url, shop, { name: 'Broken', actions: [{ type: 'label', value: 'Gone' }] });
      const { room, guest } = await buildRoom(world.app.url, shop);
      const [{ id: labelId }] = (await ask('GET', 'labels', shop.admin.token)).body.items;
      await ask('DELETE', `labels/${labelId}`, shop.admin.token);
      const told = (count: number): Promise<Answer> =>
        until(
          () => ask('GET', 'rules/firings?limit=200', shop.admin.token),
          ({ body }) => body.items.length >= count && body.items.every(({ stopped, actions }: RuleFiring) => stopped || actions.length > 0),
          20_000,
        );
      for (let said = 0; said < 12; said++) await say(world.app.url, guest, room.id, `Message ${said}`);
      const { items } = (await told(24)).body;
      expect(items.some(({ stopped }: RuleFiring) => stopped)).toBe(true);
      const { page, errors } = await settings(shop.admin, 'automation/log');
      await page.getByText('Stopped', { exact: true }).first().waitFor();
      await page.getByText('Not done: The label does not exist any more. Choose another one.').first().waitFor();
      expect(await page.getByRole('row').count()).toBe((items as RuleFiring[]).length + 1);
      expect(await axe(page)).toEqual([]);
      await choose(page, 'Rule', 'Lasting');
      await until(
        () => page.getByRole('row', { name: /Broken/ }).count(),
        (count) => count === 0,
      );
      const alone = (items as RuleFiring[]).filter(({ ruleId }: RuleFiring) => ruleId === lasting);
      const rows = await until(
        () => page.getByRole('row').count(),
        (count) => count > 0,
      );
      expect(rows).toBe(alone.length + 1);
      expect(items.some(({ ruleId }: RuleFiring) => ruleId === broken)).toBe(true);
      expect(errors).toEqual([]);
    });

    it('says that a list could not be loaded, and tries it again', async () => {
      const shop = await buildBusiness(world.app.url);
      await buildRule(world.app.url, shop);
      const { page } = await signInToConsole(world, shop.admin);
      await page.route('**/api/rules?*', (route) => route.abort());
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Automation' }).click();
      await page.getByText('This could not be loaded.').waitFor({ timeout: 20_000 });
      expect(await axe(page)).toEqual([]);
      await page.unroute('**/api/rules?*');
      await press(page, 'Try again');
      await page.getByRole('row', { name: /Refunds/ }).waitFor();
    });
  });

  it('fits on a phone in the dark and in German, page by page', async () => {
    const shop = await buildBusiness(world.app.url);
    await buildAgent(world.app.url, shop, { name: 'Robin' });
    await buildRule(world.app.url, shop);
    const { page, errors } = await visit('/console', { locale: 'de', colorScheme: 'dark' });
    await page.getByLabel('E-Mail-Adresse').fill(shop.admin.email!);
    await page.getByRole('textbox', { name: 'Passwort' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('heading', { name: 'Meine' }).waitFor();
    for (const name of ['agents', 'profile', 'security', 'sessions', 'automation', 'automation/new?template=closed', 'automation/log']) {
      await go(page, name);
      await page.locator('.console-page').getByRole('status').or(page.locator('.console-page :is(table, form, button)')).first().waitFor();
      await until(
        () => page.locator('.mantine-Loader-root').count(),
        (count) => count === 0,
      );
      expect([name, await axe(page)]).toEqual([name, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }
    expect(errors).toEqual([]);
  });
});
