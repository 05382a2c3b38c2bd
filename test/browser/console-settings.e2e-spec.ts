import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describeInBrowser, type Watched } from '../support/browser.js';
import { signInToConsole } from '../support/console.js';
import { buildAgent, buildArticle, buildBusiness, buildCannedReply, buildGuest, buildRoom, setUp, until } from '../support/factories.js';
import { rest } from '../support/rest.js';
import { HOSTILE, Visitors } from '../support/visitors.js';

/** What the browser says of every refusal beside what the page says. */
const unlessRefused = (errors: string[]): string[] => errors.filter((error) => !/status of 4\d\d/.test(error));

describeInBrowser('the settings of a business in a browser', () => {
  const world = new Visitors();
  const { axe, shows, visit } = world;

  const ask = async (path: string): Promise<any> => (await rest(world.app.url, 'GET', path, { token: world.shop.admin.token })).body;
  const settings = async (): Promise<any> => (await ask('/api/business')).settings;
  const open = (name: string, heading: string): Promise<Watched> =>
    signInToConsole(world, world.shop.admin, { path: `/console/settings/${name}`, heading });
  const save = async (page: Page): Promise<void> => {
    await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok()),
      page.locator('.console-page').getByRole('button', { name: 'Save' }).click(),
    ]);
    await shows(page, 'Saved.');
  };

  it('changes what the business is called and how its conversations go', async () => {
    const { page, errors } = await open('business', 'Business');
    await page.getByLabel('Name').fill('Lantern & Loom & Co');
    await page.getByRole('switch', { name: /^Customers may have several/ }).check();
    await page.getByRole('textbox', { name: 'Time to change a message' }).fill('2');
    await page.getByRole('combobox', { name: 'Time to change a message: unit' }).selectOption('hour');
    expect(await axe(page)).toEqual([]);
    await save(page);
    expect(await ask('/api/business')).toMatchObject({
      name: 'Lantern & Loom & Co',
      settings: { multipleRooms: true, editWindowSeconds: 7_200 },
    });
    // What is refused stands at its field, and is not lost.
    await page.getByLabel('Language').fill('Klingon');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('form').getByText('must be a language tag such as en or pt-BR').waitFor();
    expect(await page.getByLabel('Language').inputValue()).toBe('Klingon');
    await until(
      () => page.getByLabel('Language').evaluate((field) => field === document.activeElement),
      (isFocused) => isFocused,
    );
    await page.getByRole('button', { name: 'Discard the changes' }).click();
    expect(await page.getByLabel('Language').inputValue()).toBe('en');
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('asks before changes are left that are not saved, by a link, by a step back and by the browser', async () => {
    const { page, errors } = await open('business', 'Business');
    const name = page.getByLabel('Name');
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    const go = (to: string): Promise<void> => page.getByRole('navigation', { name: 'Settings' }).getByText(to, { exact: true }).click();
    await go('Opening hours');
    await page.getByRole('heading', { name: 'Opening hours', exact: true }).waitFor();
    await go('Business');
    await name.fill('Half a na');
    await go('Opening hours');
    await question.waitFor();
    expect(await axe(page)).toEqual([]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await name.inputValue()).toBe('Half a na');
    await page.evaluate(() => history.back());
    await question.waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/settings/business');
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await name.inputValue()).toBe('Half a na');
    const asked = page.waitForEvent('dialog');
    await page.reload({ waitUntil: 'commit', timeout: 2_000 }).catch(() => undefined);
    expect((await asked).type()).toBe('beforeunload');
    await page.evaluate(() => history.back());
    await question.getByRole('button', { name: 'Discard the changes' }).click();
    await page.getByRole('heading', { name: 'Opening hours', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/settings/hours');
    await go('Business');
    // What is saved, or as it was, is left without a question.
    await name.fill('Lantern & Loom & Sons');
    await save(page);
    await go('Opening hours');
    await page.getByRole('heading', { name: 'Opening hours', exact: true }).waitFor();
    expect(errors.filter((error) => !error.startsWith('dialog'))).toEqual([]);
  });

  it('keeps opening hours, and shows a fault at the span that has it', async () => {
    const { page, errors } = await open('hours', 'Opening hours');
    await shows(page, 'We are here');
    await page.getByRole('radio', { name: 'At certain hours' }).check();
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Berlin');
    await page.getByRole('option', { name: 'Europe/Berlin' }).click();
    await page.getByLabel('Monday, 1: closes').fill('12:00');
    await page.getByRole('button', { name: 'Add hours: Monday' }).click();
    await page.getByLabel('Monday, 2: opens').fill('11:00');
    await page.getByLabel('Monday, 2: closes').fill('00:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await shows(page, 'Some hours do not fit together. Look for the red ones.');
    expect(await page.getByText('Overlaps another one').count()).toBe(2);
    expect(await page.getByLabel('Monday, 2: opens').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Tuesday, 1: opens').getAttribute('aria-invalid')).not.toBe('true');
    expect((await settings()).hours).toBeNull();
    await page.getByLabel('Monday, 2: opens').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('form').getByText('must be a time of day such as 09:00').waitFor();
    await page.getByLabel('Monday, 2: opens').fill('13:00');
    await page.getByRole('button', { name: 'Copy to Monday to Friday: Monday' }).click();
    await page.getByRole('button', { name: 'Friday, 2: remove' }).click();
    await page.getByLabel('Date', { exact: true }).fill('2026-12-25');
    await page.getByRole('button', { name: 'Add the day' }).click();
    await page.getByText('Friday, 25 December 2026').waitFor();
    expect(await axe(page)).toEqual([]);
    await save(page);
    const { hours } = await settings();
    expect(hours).toMatchObject({ timeZone: 'Europe/Berlin', holidays: ['2026-12-25'] });
    const spans = hours.weekly.map(({ day, from, to }: any) => `${day} ${from} ${to}`).sort();
    const both = [1, 2, 3, 4].flatMap((day) => [`${day} 09:00 12:00`, `${day} 13:00 24:00`]);
    expect(spans).toEqual([...both, '5 09:00 12:00'].sort());
    // Closed days without end: customers read it here, too.
    for (const day of hours.weekly) {
      const name = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'][day.day - 1];
      await page.getByRole('button', { name: `${name}, 1: remove` }).click();
    }
    await page.getByText('There are no hours at all: you would never be open.').waitFor();
    await save(page);
    await page.getByText('We are closed. Write all the same: your message waits for us.').waitFor();
    await page.getByRole('radio', { name: 'Always' }).check();
    await save(page);
    expect((await settings()).hours).toBeNull();
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('shows the widget as it will be, while it is written, in light and dark', async () => {
    const { page, errors, requests } = await open('widget', 'Chat widget');
    const panels = page.locator('.preview-panel');
    const colorsOf = (part: string): Promise<string[]> =>
      page.locator(part).evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
    await page.getByRole('textbox', { name: 'Colour' }).fill('#ffd43b');
    await page.getByRole('textbox', { name: 'Welcome text' }).fill(`${HOSTILE[0]} Hello!\n[Small](reply:) [Large](reply:)`);
    await until(
      () => colorsOf('.preview-launcher'),
      (colors) => colors.every((color) => color === 'rgb(255, 212, 59)'),
    );
    expect(await colorsOf('.preview-panel header')).toEqual(['rgb(255, 212, 59)', 'rgb(255, 212, 59)']);
    expect(await colorsOf('.preview-panel')).toEqual(['rgb(255, 255, 255)', 'rgb(23, 25, 29)']);
    expect(
      await panels
        .locator('header')
        .first()
        .evaluate((at) => getComputedStyle(at).color),
    ).toBe('rgb(0, 0, 0)');
    expect(await page.locator('.preview-welcome').allInnerTexts()).toEqual(Array(2).fill(`${HOSTILE[0]} Hello!`));
    expect(await page.locator('.preview-replies').first().innerText()).toMatch(/Small\s*Large/);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('checkbox', { name: 'E-mail address' }).check();
    await page.getByRole('textbox', { name: 'Consent' }).fill('Our terms');
    await panels.first().getByText('By starting you agree: Our terms').waitFor();
    await panels.first().getByText('Your e-mail address').waitFor();
    expect(await axe(page)).toEqual([]);
    expect((await ask('/api/business')).theme.color).toBeNull();
    await page.getByRole('textbox', { name: 'Address of your logo' }).fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('form').getByText('must be an http or https address').waitFor();
    expect(await page.getByRole('textbox', { name: 'Consent' }).inputValue()).toBe('Our terms');
    await page.getByRole('textbox', { name: 'Address of your logo' }).fill('');
    await save(page);
    expect(await ask('/api/business')).toMatchObject({
      theme: { color: '#ffd43b', logoUrl: null },
      welcomeText: `${HOSTILE[0]} Hello!\n[Small](reply:) [Large](reply:)`,
      preChat: { required: ['email'], consentText: 'Our terms' },
    });
    await page.getByRole('checkbox', { name: 'E-mail address' }).uncheck();
    await page.getByRole('textbox', { name: 'Consent' }).fill('');
    await save(page);
    expect((await ask('/api/business')).preChat).toBeNull();
    expect(requests.filter((address) => !address.startsWith(world.proxy.url))).toEqual([]);
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('allows sites one by one, and gives the code that puts the chat on them', async () => {
    const { page, errors } = await open('install', 'On your site');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.proxy.url });
    await page.getByText(/^None yet: only sites/).waitFor();
    const field = page.getByRole('textbox', { name: 'Address of a site' });
    await field.fill('shop.example');
    await page.getByRole('button', { name: 'Allow this site' }).click();
    await page.locator('form').getByText('must be origins such as https://shop.example').waitFor();
    expect(await field.inputValue()).toBe('shop.example');
    await field.fill('https://shop.example/a/page?of=it');
    await field.press('Enter');
    await page.getByRole('button', { name: 'Remove https://shop.example', exact: true }).waitFor();
    expect((await settings()).allowedOrigins).toEqual(['https://shop.example']);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy: One line for your site' }).click();
    await page.getByRole('button', { name: 'Copied: One line for your site' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `<script async src="${world.proxy.url}/widget.js" data-business="${world.shop.slug}"></script>`,
    );
    await page.getByText(`${world.proxy.url}/chat/${world.shop.slug}`, { exact: true }).waitFor();
    await page.getByText(`Parley('boot', { business: '${world.shop.slug}' });`).waitFor();
    await page.getByRole('button', { name: 'Remove https://shop.example' }).click();
    await page.getByText(/^None yet: only sites/).waitFor();
    expect((await settings()).allowedOrigins).toEqual([]);
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('makes a secret, after a warning, shows it once, and it signs', async () => {
    const { page, errors } = await open('identity', 'Known customers');
    await page.getByText(/^const signature = createHmac/).waitFor();
    await page.getByRole('radio', { name: 'PHP' }).locator('..').click();
    await page.getByText(/^\$signature = hash_hmac/).waitFor();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByText(/^If there is a secret already, it is void at once/).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    const secret = await page.getByRole('status').getByRole('group', { name: 'Secret for signing' }).innerText();
    const identity = { externalId: 'crm-1', signature: createHmac('sha256', secret.trim()).update('crm-1').digest('hex') };
    const guest = await rest(world.app.url, 'POST', '/api/auth/guest', { body: { business: world.shop.slug, name: 'Gwen', identity } });
    expect([guest.status, guest.body.user?.role]).toEqual([201, 'customer']);
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Known customers' }).waitFor();
    expect(await page.getByText(secret.trim()).count()).toBe(0);
    await page.getByRole('switch', { name: /^Only customers your site knows/ }).check();
    await save(page);
    expect((await settings()).identityRequired).toBe(true);
    await page.getByRole('switch', { name: /^Only customers your site knows/ }).uncheck();
    await save(page);
    expect((await settings()).identityRequired).toBe(false);
    expect(errors).toEqual([]);
  });

  it('decides who sees which conversations, and how they come to agents', async () => {
    const { page, errors } = await open('routing', 'Routing');
    await page.getByRole('radio', { name: 'Also those of their teams' }).check();
    await page.getByRole('radio', { name: 'The server gives them out' }).check();
    await page.getByRole('switch', { name: /^The agent of the last time first/ }).uncheck();
    await page.getByRole('textbox', { name: 'Back to the queue after' }).fill('');
    expect(await axe(page)).toEqual([]);
    await save(page);
    expect(await settings()).toMatchObject({
      agentScope: 'team',
      routing: { mode: 'auto', lastAgentFirst: false, giveBackAfterSeconds: null },
    });
    await page.getByRole('radio', { name: 'All conversations' }).check();
    await page.getByRole('radio', { name: 'Agents take them' }).check();
    await page.getByRole('textbox', { name: 'Back to the queue after' }).fill('5');
    await save(page);
    expect(await settings()).toMatchObject({ agentScope: 'all', routing: { mode: 'pool', giveBackAfterSeconds: 300 } });
    expect(errors).toEqual([]);
  });

  it('writes what is said by itself, with variables and what they become', async () => {
    const { page, errors } = await open('auto-replies', 'Automatic replies');
    const text = page.getByRole('textbox', { name: 'After hours' });
    await text.fill(`${HOSTILE[1]} Back: `);
    await page.getByRole('button', { name: 'Insert …: After hours' }).click();
    expect(await axe(page)).toEqual([]);
    // What the API would refuse is not offered.
    expect(await page.getByRole('menuitem', { name: /agent\.name/ }).count()).toBe(0);
    await page.getByRole('menuitem', { name: /business\.nextOpening/ }).click();
    expect(await text.inputValue()).toBe(`${HOSTILE[1]} Back: {{business.nextOpening}}`);
    await page.getByText(`${HOSTILE[1]} Back: Monday, 09:00`).waitFor();
    await page.getByRole('textbox', { name: 'Away' }).fill('Hi {{customer.nmae}}');
    await page.getByRole('textbox', { name: 'Remind us of a waiting customer after' }).fill('3');
    await page.getByRole('textbox', { name: 'Close after' }).fill('2');
    await page.getByRole('combobox', { name: 'Close after: unit' }).selectOption('day');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .locator('form')
      .getByText(/^must name no other variables than/)
      .waitFor();
    expect((await settings()).autoReplies.remindMinutes).toBeNull();
    await page.getByRole('textbox', { name: 'Away' }).fill('Hi {{customer.name|there}}');
    await page.getByText('Hi Gwen').waitFor();
    await save(page);
    expect((await settings()).autoReplies).toMatchObject({
      welcome: null,
      away: 'Hi {{customer.name|there}}',
      afterHours: `${HOSTILE[1]} Back: {{business.nextOpening}}`,
      remindMinutes: 3,
      idleCloseMinutes: 2_880,
    });
    await setUp(world.app.url, world.shop, { autoReplies: { away: null, afterHours: null, remindMinutes: null, idleCloseMinutes: null } });
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('sets up the AI, and says what it did', async () => {
    await buildArticle(world.app.url, world.shop, { title: 'How long does shipping take?', body: 'Parcels take two days.' });
    const { page, errors } = await open('ai', 'AI');
    await page.getByText('Nothing yet.').waitFor();
    await page.getByRole('switch', { name: /^The AI answers customers/ }).check();
    await save(page);
    const guest = await world.guest();
    const room = guest.room(null);
    await room.send({ body: 'How long does shipping take?' });
    await until(
      () => ask('/api/reports/ai'),
      ({ total }) => total.replies === 1,
      20_000,
    );
    guest.close();
    await page.reload();
    await until(
      () => page.locator('.figures div', { hasText: 'answers to customers' }).innerText(),
      (words) => words.includes('1'),
    );
    expect(await axe(page)).toEqual([]);
    await page.getByRole('radio', { name: 'By a model' }).check();
    await page.getByRole('textbox', { name: 'Instructions' }).fill('Be brief');
    await page.getByRole('textbox', { name: 'Endpoint' }).fill('https://evil.example/v1');
    await page.getByRole('textbox', { name: 'Tokens a day' }).fill('50000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('form').getByText('must be one of those that the operator allows').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Endpoint' }).fill('');
    await page.getByRole('switch', { name: /^The AI answers customers/ }).uncheck();
    await save(page);
    expect((await settings()).ai).toMatchObject({
      enabled: false,
      engine: 'openai',
      instructions: 'Be brief',
      baseUrl: null,
      dayTokens: 50_000,
      roomTokens: null,
    });
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('keeps canned replies: made, looked for, changed and, after a question, deleted', async () => {
    // Variables that there are not are refused.
    const hostile = HOSTILE.filter((text) => !text.includes('{{')).join(' ');
    await buildCannedReply(world.app.url, world.shop, hostile, 'hostile');
    const { page, errors } = await open('canned-replies', 'Canned replies');
    await shows(page, hostile);
    await page.getByRole('button', { name: 'New canned reply' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Shortcut' }).fill('hostile');
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Hello {{customer.name}}, ');
    await dialog.getByRole('button', { name: 'Insert …: Text' }).click();
    await dialog.getByRole('menuitem', { name: /agent\.name/ }).click();
    await dialog.getByText('Hello Gwen, Ada').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await shows(page, 'There is a canned reply with this shortcut already.');
    await dialog.getByRole('textbox', { name: 'Shortcut' }).fill('hello');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('/hello', { exact: true }).waitFor();
    expect((await ask('/api/canned-replies?q=hello')).items[0]).toMatchObject({
      shortcut: 'hello',
      body: 'Hello {{customer.name}}, {{agent.name}}',
    });
    await page.getByRole('searchbox', { name: 'Search' }).fill('hosti');
    await page.getByText('/hello', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: 'Search' }).fill('there is no such thing');
    await page.getByText('Nothing found.').waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete /hello' }).click();
    await page.getByRole('dialog').getByText('This cannot be undone.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('/hello', { exact: true }).waitFor({ state: 'detached' });
    expect((await ask('/api/canned-replies?q=hello')).items).toEqual([]);
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('keeps articles, for customers or for staff alone', async () => {
    await buildArticle(world.app.url, world.shop, { title: HOSTILE[2] as string, body: 'Nothing.' });
    const { page, errors } = await open('articles', 'Articles');
    await shows(page, HOSTILE[2] as string);
    await page.getByRole('button', { name: 'New article' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('May I send it back?');
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Within **30 days**.');
    await dialog.getByRole('switch', { name: /^Customers may be told it/ }).uncheck();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.locator('tr', { hasText: 'May I send it back?' }).getByText('Staff only').waitFor();
    await page.getByRole('button', { name: 'Edit May I send it back?' }).click();
    await dialog.getByRole('switch', { name: /^Customers may be told it/ }).check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.locator('tr', { hasText: 'May I send it back?' }).getByText('Customers').waitFor();
    expect((await ask('/api/articles?q=send it back')).items).toMatchObject([{ body: 'Within **30 days**.', public: true }]);
    await page.getByRole('searchbox', { name: 'Search' }).fill('30 days');
    await page.getByText(HOSTILE[2] as string).waitFor({ state: 'detached' });
    expect(await axe(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('keeps teams with their members', async () => {
    const robin = await buildAgent(world.app.url, world.shop, { name: HOSTILE[0] as string });
    const { page, errors } = await open('teams', 'Teams');
    await page.getByText(/^No teams yet/).waitFor();
    await page.getByRole('button', { name: 'New team' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Returns');
    await dialog.getByRole('combobox', { name: 'Members' }).click();
    await dialog.getByRole('option', { name: HOSTILE[0] as string }).click();
    await dialog.getByRole('option', { name: 'Alex' }).click();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('combobox', { name: 'Members' }).press('Tab');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const row = page.locator('tr', { hasText: 'Returns' });
    for (const name of ['Alex', HOSTILE[0] as string]) await row.getByText(name).waitFor();
    const [team] = (await ask('/api/teams')).items;
    expect(team).toMatchObject({ name: 'Returns', agentIds: expect.arrayContaining([robin.id, world.person.id]) });
    await page.getByRole('button', { name: 'New team' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Returns');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await shows(page, 'There is a team of this name already.');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete Returns' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText(/^No teams yet/).waitFor();
    expect((await ask('/api/teams')).items).toEqual([]);
    expect(unlessRefused(errors)).toEqual([]);
  });

  it('leads a new business through its first steps, which tick themselves off', async () => {
    const own = await buildBusiness(world.app.url, 'Fresh');
    const { page, errors } = await signInToConsole(world, own.admin, { path: '/console', heading: 'Get started' });
    await shows(page, '0 of 3 done');
    const step = (title: string): ReturnType<Page['getByRole']> => page.getByRole('listitem', { name: title });
    expect(await axe(page)).toEqual([]);
    const [guestPage] = await Promise.all([
      page.context().waitForEvent('page'),
      step('Send yourself a message').getByRole('link', { name: 'Open the guest page' }).click(),
    ]);
    await world.write(guestPage, 'Is anybody there?');
    await step('Send yourself a message').getByText('Done', { exact: true }).waitFor();
    await guestPage.close();
    // A message on the guest page does not put the chat on a site.
    await shows(page, '1 of 3 done');
    await setUp(world.app.url, own, { allowedOrigins: ['https://fresh.example'] });
    await step('Send yourself a message').getByRole('link', { name: 'See it in the queue' }).click();
    await page.locator('.room-row', { hasText: 'Is anybody there?' }).waitFor();
    await page.getByRole('button', { name: 'Get started' }).click();
    await step('Put the chat on your site').getByText('Done', { exact: true }).waitFor();
    await buildAgent(world.app.url, own);
    await page.reload();
    await shows(page, 'All done. Your chat is ready.');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Mine' }).waitFor();
    expect(await page.getByRole('navigation').getByRole('button', { name: 'Get started' }).count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('hides the first steps from who wants them no longer, and from agents', async () => {
    const own = await buildBusiness(world.app.url, 'Hidden');
    const { page, errors } = await signInToConsole(world, own.admin, { path: '/console', heading: 'Get started' });
    await page.getByRole('button', { name: 'Do not show this any more' }).click();
    await page.getByRole('heading', { name: 'Mine' }).waitFor();
    await page.goto(`${world.proxy.url}/console`);
    await page.getByRole('heading', { name: 'Mine' }).waitFor();
    expect(await page.getByRole('button', { name: 'Get started' }).count()).toBe(0);
    const agent = await buildAgent(world.app.url, own);
    const theirs = await signInToConsole(world, agent, { path: '/console/start' });
    expect(await theirs.page.getByRole('button', { name: 'Get started' }).count()).toBe(0);
    await theirs.page.getByRole('button', { name: 'Settings' }).click();
    await theirs.page.locator('.console-sections').waitFor({ state: 'attached' });
    for (const name of ['Business', 'Opening hours', 'Chat widget', 'Routing', 'AI'])
      expect(await theirs.page.getByRole('button', { name, exact: true }).count()).toBe(0);
    // A visitor who writes from a page of a site shows that the chat stands there.
    const third = await buildBusiness(world.app.url, 'Third');
    const { room } = await buildRoom(world.app.url, third, await buildGuest(world.app.url, third));
    await world.app.sql(`UPDATE room SET context = '{"page":"https://third.example/"}' WHERE id = $1`, [room.id]);
    const last = await signInToConsole(world, third.admin);
    await last.page.getByRole('button', { name: 'Get started' }).click();
    await shows(last.page, '2 of 3 done');
    expect([...errors, ...theirs.errors, ...last.errors]).toEqual([]);
  });

  it('says what could not be loaded, and asks for it again', async () => {
    const { page } = await open('labels', 'Labels');
    await page.route('**/api/business', (route) => route.abort());
    await page.getByRole('button', { name: 'Routing', exact: true }).click();
    await shows(page, 'This could not be loaded.');
    expect(await axe(page)).toEqual([]);
    await page.unroute('**/api/business');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('radio', { name: 'All conversations' }).waitFor();
  });

  it('fits on a phone, in the dark and in German', async () => {
    const { page, errors } = await open('hours', 'Opening hours');
    const state = await page.context().storageState({ indexedDB: true });
    await page.context().close();
    const phone = await visit('/console/settings/hours', {
      viewport: { width: 390, height: 800 },
      locale: 'de',
      colorScheme: 'dark',
      storageState: state,
    });
    for (const [path, heading] of [
      ['hours', 'Öffnungszeiten'],
      ['widget', 'Chat-Fenster'],
      ['auto-replies', 'Automatische Antworten'],
      ['canned-replies', 'Textbausteine'],
    ] as const) {
      await phone.page.goto(`${world.proxy.url}/console/settings/${path}`);
      await phone.page.getByRole('heading', { name: heading }).waitFor();
      if (path === 'hours') {
        await phone.page.getByRole('radio', { name: 'Zu bestimmten Zeiten' }).check();
        await phone.page.getByLabel('Montag, 1: öffnet').waitFor();
      }
      expect(await axe(phone.page)).toEqual([]);
      const spill = await phone.page.locator('.console-page').evaluate((at) => at.scrollWidth - at.clientWidth);
      expect(spill).toBe(0);
      if (path === 'hours') await phone.page.getByRole('button', { name: 'Änderungen verwerfen' }).click();
    }
    expect([...errors, ...phone.errors]).toEqual([]);
  });
});
