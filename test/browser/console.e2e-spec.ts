import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { LiveRoom, Parley } from '../../sdk/src/index.js';
import { describeInBrowser, type Watched } from '../support/browser.js';
import { buildAgent, buildBusiness, buildCannedReply, buildGuest, buildLabel, PASSWORD, until, type Person } from '../support/factories.js';
import { rest } from '../support/rest.js';
import { framesOf, heapOf, signInToConsole, type SignInOptions } from '../support/console.js';
import { HOSTILE, Visitors } from '../support/visitors.js';

const PUBLIC = join(__dirname, '../../dist/public');

describeInBrowser('the console in a browser', () => {
  const world = new Visitors();
  const { visit, axe, shows } = world;
  let robin: Person;
  const guests: Parley[] = [];

  const signIn = (person = robin, options: SignInOptions = {}): Promise<Watched> => signInToConsole(world, person, options);
  /** A guest's room with a first message, which the console shows in its list. */
  const ask = async (body: string, name?: string): Promise<LiveRoom> => {
    const guest = await world.guest(name);
    guests.push(guest);
    const room = guest.room(null);
    await room.send({ body });
    await until(
      () => Promise.resolve(room.snapshot),
      ({ isLive, entries }) => isLive && entries.public.length > 0,
    );
    return room;
  };
  const said = (room: LiveRoom): (string | null)[] =>
    room.snapshot.entries.public.filter(({ kind }) => kind === 'text').map(({ body }) => body);
  const hears = (room: LiveRoom, body: string): Promise<unknown> =>
    until(
      () => Promise.resolve(said(room)),
      (all) => all.includes(body),
      12_000,
    );
  const open = async (page: Page, view: string, words: string): Promise<void> => {
    await page.getByRole('button', { name: new RegExp(`^${view}`) }).click();
    await page.locator('.room-row', { hasText: words }).first().click();
    await page.getByRole('log').getByText(words).first().waitFor();
  };
  const menu = async (page: Page, action: string): Promise<void> => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const roomOf = async (id: string | null): Promise<any> =>
    (await rest(world.app.url, 'GET', `/api/rooms/${id}`, { token: world.person.token })).body;
  const becomes = (id: string | null, fits: (room: any) => boolean): Promise<unknown> => until(() => roomOf(id), fits);

  beforeAll(async () => {
    robin = await buildAgent(world.app.url, world.shop, { name: 'Robin' });
    await buildCannedReply(world.app.url, world.shop, 'Hello {{customer.name}}, this is {{agent.name}}.', 'hello');
    await buildLabel(world.app.url, world.shop, 'VIP');
  });
  afterEach(() => {
    for (const guest of guests.splice(0)) guest.close();
  });

  it('lets nobody in but staff, and says why', async () => {
    const { page, errors } = await visit('/console');
    await page.getByLabel('E-mail address').fill(robin.email as string);
    await page.getByRole('textbox', { name: 'Password' }).fill('not this one');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await shows(page, 'E-mail address or password is wrong.');
    await page.getByRole('button', { name: 'Forgotten your password?' }).click();
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await page.getByText(/a link is on its way/).waitFor();
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  it('goes with a conversation from the queue to its end', async () => {
    const { page, errors } = await signIn();
    const room = await ask('Is the teapot still there?');
    await open(page, 'Queue', 'Is the teapot still there?');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take it' }).click();
    await shows(page, 'Held by You');
    await page.getByRole('textbox', { name: 'Write a reply' }).fill('/hel');
    await page.getByRole('option', { name: /hello/ }).waitFor();
    await page.keyboard.press('Enter');
    await until(
      () => page.getByRole('textbox', { name: 'Write a reply' }).inputValue(),
      (text) => text === 'Hello Gwen, this is Robin.',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Send now' }).click();
    await hears(room, 'Hello Gwen, this is Robin.');
    room.markRead();
    await page.getByText('Read', { exact: false }).first().waitFor();
    await menu(page, 'Priority urgent');
    await becomes(room.id, ({ priority }) => priority === 'urgent');
    await menu(page, 'Labels');
    await page.getByRole('dialog').locator('input:visible').first().click();
    await page.getByRole('option', { name: 'VIP' }).click();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Save' }).click();
    await becomes(room.id, ({ labels }) => labels.includes('VIP'));
    await menu(page, 'Transfer');
    await page.getByRole('dialog').locator('input:visible').first().click();
    await page.getByRole('option', { name: /^Alex/ }).click();
    await page.getByRole('textbox', { name: 'A word about it' }).fill('She is in a hurry');
    await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
    await becomes(room.id, ({ assignee }) => assignee?.id === world.person.id);
    await page.getByRole('log').getByText('She is in a hurry').waitFor();
    await menu(page, 'Snooze for an hour');
    await becomes(room.id, ({ status }) => status === 'snoozed');
    const sleep = page.getByRole('dialog', { name: 'Snooze' });
    const wakeUp = sleep.getByLabel('Until');
    const wakesIn = (days: number): Date => new Date(new Date().setHours(7, 30, 0, 0) + days * 86_400_000);
    const local = (date: Date): string => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await menu(page, 'Snooze until …');
    await wakeUp.fill(local(wakesIn(400)));
    await sleep.getByRole('button', { name: 'Snooze' }).click();
    await sleep.getByText('must be a time within the next 366 days').waitFor();
    expect(await axe(page)).toEqual([]);
    await wakeUp.fill(local(wakesIn(3)));
    await wakeUp.press('Enter');
    await becomes(room.id, ({ snoozedUntil }) => snoozedUntil === wakesIn(3).toISOString());
    await page
      .locator('.console-room-title')
      .getByText(/^Snoozed until .*7:30/)
      .waitFor();
    await room.send({ body: 'Still there?' });
    await becomes(room.id, ({ status }) => status === 'open');
    await menu(page, 'Close it');
    await shows(page, 'This conversation is closed. Reopen it to write.');
    await page.getByRole('button', { name: 'Reopen it' }).click();
    await becomes(room.id, ({ status }) => status === 'open');
    expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
  });

  it('N1 keeps notes and replies apart: what was begun as the one never goes out as the other', async () => {
    const { page, errors } = await signIn();
    const room = await ask('May I have a discount?');
    await open(page, 'All', 'May I have a discount?');
    await page.getByRole('radio', { name: 'Note' }).locator('..').click();
    const note = page.getByRole('textbox', { name: 'Write a note' });
    await note.fill('She got one last week already');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('radio', { name: 'Reply' }).locator('..').click();
    const reply = page.getByRole('textbox', { name: 'Write a reply' });
    expect(await reply.inputValue()).toBe('');
    await reply.press('Enter');
    await reply.fill('Of course.');
    await page.getByRole('radio', { name: 'Note' }).locator('..').click();
    expect(await note.inputValue()).toBe('She got one last week already');
    const [noteLook, replyLook] = await Promise.all(
      [page.locator('.composer[data-stream=internal]'), page.locator('.entry[data-side=theirs] .entry-bubble').first()].map((at) =>
        at.evaluate((element) => getComputedStyle(element).backgroundColor),
      ),
    );
    expect(noteLook).not.toBe(replyLook);
    await note.press('Enter');
    await page.locator('.entry[data-stream=internal]', { hasText: 'She got one last week already' }).waitFor();
    await page.getByRole('radio', { name: 'Reply' }).locator('..').click();
    await reply.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await reply.inputValue()).toBe('Of course.');
    expect(said(room)).toEqual(['May I have a discount?']);
    await reply.press('Enter');
    await hears(room, 'Of course.');
    expect(said(room)).toEqual(['May I have a discount?', 'Of course.']);
    expect(errors).toEqual([]);
  });

  it('N1 keeps files and answers apart, too, and loses nothing that is written while a reply can be taken back', async () => {
    const { page, errors } = await signIn();
    const room = await ask('Which bolts are these?');
    await open(page, 'All', 'Which bolts are these?');
    const as = (kind: 'Reply' | 'Note'): Promise<void> => page.getByRole('radio', { name: kind }).locator('..').click();
    await as('Note');
    await page.locator('input[type=file]').setInputFiles({ name: 'costs.txt', mimeType: 'text/plain', buffer: Buffer.from('for us') });
    const add = page.getByRole('button', { name: 'Add the note' });
    await until(
      () => add.isEnabled(),
      (isEnabled) => isEnabled,
    );
    await as('Reply');
    expect(await page.getByText('costs.txt').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isEnabled()).toBe(false);
    await as('Note');
    await page.getByRole('textbox', { name: 'Write a note' }).fill('@Alex these?');
    await add.click();
    await page.getByRole('button', { name: 'Download costs.txt' }).waitFor();
    const { body: called } = await rest(world.app.url, 'GET', '/api/mentions', { token: world.person.token });
    expect(called.items[0].message.body).toBe('@Alex these?');
    await page
      .locator('.entry[data-stream=internal]')
      .getByRole('button', { name: /^More about/ })
      .click();
    await page.getByRole('menuitem', { name: 'Answer this' }).click();
    expect(await page.locator('.composer blockquote').count()).toBe(1);
    await as('Reply');
    expect(await page.locator('.composer blockquote').count()).toBe(0);
    const reply = page.getByRole('textbox', { name: 'Write a reply' });
    await reply.fill('M6.');
    await reply.press('Enter');
    await reply.fill('Or M5');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await reply.inputValue()).toBe('M6.\n\nOr M5');
    await reply.press('Enter');
    await page.getByRole('button', { name: 'Send now' }).click();
    await hears(room, 'M6.\n\nOr M5');
    const own = page.locator('.entry', { hasText: 'Or M5' });
    await own.getByRole('button', { name: /^More about/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('The customer will not see it any more.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('This message was deleted').waitFor();
    expect(errors).toEqual([]);
  });

  it('keeps what was begun without a connection, while one goes elsewhere and comes back', async () => {
    const { page } = await signIn();
    const [room, other] = [await ask('First of two'), await ask('Second of two')];
    await open(page, 'All', 'Second of two');
    await open(page, 'All', 'First of two');
    const reply = page.getByRole('textbox', { name: 'Write a reply' });
    world.proxy.shut();
    await page.getByText(/^No connection/).waitFor();
    await reply.fill('Begun in the dark');
    await page.locator('.room-row', { hasText: 'Second of two' }).click();
    await page.getByRole('region', { name: 'Conversation with Gwen' }).waitFor({ state: 'detached' });
    world.proxy.open();
    await page.getByRole('log').getByText('Second of two').waitFor();
    expect(await reply.inputValue()).toBe('');
    const draftOf = async (): Promise<string | null> => {
      const token = (await rest(world.app.url, 'POST', '/api/auth/login', { body: { email: robin.email, password: PASSWORD } })).body
        .accessToken;
      return (await rest(world.app.url, 'GET', `/api/rooms/${room.id}/draft?stream=public`, { token })).body.body;
    };
    await until(draftOf, (draft) => draft === 'Begun in the dark', 12_000);
    await open(page, 'All', 'First of two');
    await until(
      () => reply.inputValue(),
      (text) => text === 'Begun in the dark',
    );
    await open(page, 'All', 'Second of two');
    await reply.fill('Reloaded at once');
    await page.reload();
    await until(
      () => reply.inputValue(),
      (text) => text === 'Reloaded at once',
    );
    expect(page.url()).toContain(other.id);
  });

  it('says what a conversation is about and what it does otherwise, and gives it along in four formats', async () => {
    const { page, errors } = await signIn();
    const room = await ask('Where is my kite?');
    await open(page, 'All', 'Where is my kite?');
    await page.getByRole('log').press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Subject').fill('A kite');
    await dialog.getByLabel('Language of the customer').fill('pt-BR');
    await dialog.getByRole('combobox', { name: 'How it is given out' }).click();
    await page.getByRole('option', { name: 'The server gives them out' }).click();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await becomes(room.id, ({ subject, overrides }) => subject === 'A kite' && overrides.language.value === 'pt-BR');
    await page.locator('header').getByText('A kite', { exact: true }).waitFor();
    const customer = page.getByRole('complementary', { name: 'Customer' });
    await customer
      .getByText(/^Set by Robin, /)
      .first()
      .waitFor();
    await customer.getByText('The server gives them out').waitFor();
    await page.getByRole('log').press('s');
    await dialog.getByLabel('Language of the customer').fill('no language');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await until(
      () => dialog.getByLabel('Language of the customer').getAttribute('aria-invalid'),
      (isInvalid) => isInvalid === 'true',
    );
    await dialog.getByLabel('Language of the customer').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await becomes(room.id, ({ overrides }) => overrides.language === undefined && overrides.routingMode.value === 'auto');
    for (const [format, words] of Object.entries({ html: 'As a page', txt: 'As text', csv: 'As a table', json: 'For programs' })) {
      await menu(page, 'Download what was said');
      const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: words }).click()]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`^Gwen \\d{4}-\\d\\d-\\d\\d\\.${format}$`));
      expect(readFileSync(await file.path(), 'utf8')).toContain('Where is my kite?');
    }
    expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
  });

  it('N34 shows who else is there, warns before a second answer, and gives a room to one of two', async () => {
    const { page, errors } = await signIn();
    const room = await ask('Who of you answers?');
    await open(page, 'All', 'Who of you answers?');
    const colleague = world.agent.room(room.id);
    await page.locator('.console-room').getByRole('img', { name: 'Alex has it open' }).waitFor();
    // In the list, too, where the customer is seen to be there.
    const row = page.locator('.room-row', { hasText: 'Who of you answers?' });
    await row.getByRole('img', { name: 'Alex has it open' }).waitFor();
    expect(await row.locator('.room-row-face').getAttribute('data-presence')).toBe('online');
    await page.getByRole('textbox', { name: 'Write a reply' }).fill('I do');
    colleague.type();
    await shows(page, 'Alex is writing an answer, too.');
    await colleague.send({ body: 'It is me' });
    await hears(room, 'It is me');
    await page.getByRole('log').getByText('It is me').waitFor();
    await page.getByRole('textbox', { name: 'Write a reply' }).press('Enter');
    await shows(page, 'A colleague has answered while you were writing.');
    expect(said(room)).toEqual(['Who of you answers?', 'It is me']);
    const [, claimed] = await Promise.all([
      page.getByRole('button', { name: 'Take it' }).click(),
      rest(world.app.url, 'POST', `/api/rooms/${room.id}/claim`, { token: world.person.token }),
    ]);
    const { assignee } = await roomOf(room.id);
    expect(assignee.id).toBe(claimed.status === 200 ? world.person.id : robin.id);
    if (claimed.status === 200) await page.getByText('Held by Alex').waitFor();
    expect(errors.filter((error) => !error.includes('409'))).toEqual([]);
  });

  it('keeps what was written while the server is replaced, and catches up', async () => {
    const { page, errors } = await signIn();
    const room = await ask('Before');
    const { id } = room;
    await open(page, 'All', 'Before');
    const restarting = world.restart();
    await page.getByText(/^No connection/).waitFor();
    await page.getByRole('textbox', { name: 'Write a reply' }).fill('Meanwhile');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Send now' }).click();
    await restarting;
    const again = world.agent.room(id);
    await again.send({ body: 'After' });
    await page.getByRole('log').getByText('After').waitFor();
    await until(
      () => Promise.resolve(said(again)),
      (all) => all.includes('Meanwhile'),
      20_000,
    );
    expect(said(again).toSorted()).toEqual(['After', 'Before', 'Meanwhile']);
    await page.reload();
    await page.getByRole('log').getByText('After').waitFor();
    expect(errors).toEqual([]);
  });

  it('is used by keyboard alone: find, take, answer, note, close, go on to the next', async () => {
    const { page, errors } = await signIn();
    const [room, next] = [await ask('Only keys, please'), await ask('Nor a mouse here')];
    const command = async (words: string): Promise<void> => {
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByPlaceholder('What would you like to do?').fill(words);
      await page.keyboard.press('Enter');
    };
    const goTo = ({ id }: { id: string | null }): Promise<string> =>
      until(
        async () => {
          await page.keyboard.press('Alt+j');
          return page.url();
        },
        (url) => url.includes(`/rooms/${id}`),
      );
    await command('Queue');
    await page.locator('.room-row', { hasText: 'Nor a mouse here' }).waitFor();
    await goTo(room);
    await page.getByRole('log').getByText('Only keys, please').waitFor();
    await page.keyboard.press('c');
    await shows(page, 'Held by You');
    await page.keyboard.press('r');
    await page.keyboard.type('With pleasure');
    await page.keyboard.press('Enter');
    await hears(room, 'With pleasure');
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.keyboard.type('Fast one');
    await page.keyboard.press('Enter');
    await page.locator('.entry[data-stream=internal]', { hasText: 'Fast one' }).waitFor();
    await page.keyboard.press('Escape');
    await command('Close');
    await becomes(room.id, ({ status }) => status === 'closed');
    await goTo(next);
    await page.getByRole('log').getByText('Nor a mouse here').waitFor();
    await command('availability: Busy');
    await page.getByRole('radio', { name: 'Busy' }).and(page.locator(':checked')).waitFor({ state: 'attached' });
    await command('availability: Online');
    await command('Settings: Security');
    await page.getByRole('heading', { name: 'Security', exact: true }).waitFor();
    expect(errors).toEqual([]);
  });

  it('A39 A96 takes every text for a text, and stands in no other page', async () => {
    const { page, errors, requests } = await signIn();
    const room = await ask(HOSTILE[0] as string, HOSTILE[1]);
    for (const body of HOSTILE.slice(1)) await room.send({ body });
    await hears(room, HOSTILE.at(-1) as string);
    await page.getByRole('button', { name: /^All/ }).click();
    await page.locator('.room-row').first().click();
    await until(
      () => page.locator('.entry-text').allInnerTexts(),
      (all) => all.length >= HOSTILE.length,
    );
    expect(await page.locator('.entry-text').allInnerTexts()).toEqual(HOSTILE);
    await room.send({ body: 'It says `E7`, see [this](https://shop.example/help)' });
    await page.getByRole('link', { name: 'this (shop.example)' }).waitFor();
    expect(await page.locator('.entry-text code').allInnerTexts()).toEqual(['E7']);
    expect(requests.filter((address) => !address.startsWith(world.proxy.url))).toEqual([]);
    expect(errors).toEqual([]);
    const policy = (await fetch(`${world.app.url}/console/all`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).not.toContain('unsafe');
  });

  it('fills a phone with the list or with a room, in the dark and in German', async () => {
    const { page, errors } = await signIn();
    await page.context().close();
    const room = await ask('Auf dem Telefon');
    const phone = await visit('/console', { viewport: { width: 390, height: 800 }, locale: 'de', colorScheme: 'dark' });
    await phone.page.getByLabel('E-Mail-Adresse').fill(robin.email as string);
    await phone.page.getByRole('textbox', { name: 'Passwort' }).fill(PASSWORD);
    await phone.page.getByRole('button', { name: 'Anmelden' }).click();
    await phone.page.getByRole('button', { name: 'Listen' }).click();
    await phone.page.getByRole('button', { name: 'Warteschlange' }).click();
    expect(await axe(phone.page)).toEqual([]);
    await phone.page.locator('.room-row', { hasText: 'Auf dem Telefon' }).click();
    await phone.page.getByRole('button', { name: 'Nehmen' }).click();
    await becomes(room.id, ({ assignee }) => assignee?.id === robin.id);
    expect(await phone.page.locator('.console-list').isVisible()).toBe(false);
    expect(await axe(phone.page)).toEqual([]);
    await phone.page.getByRole('button', { name: 'Zurück zur Liste' }).click();
    await phone.page.locator('.console-list').waitFor();
    expect([...errors, ...phone.errors]).toEqual([]);
  });

  it('scrolls through 10,000 conversations, of which only those in sight are on the page, and stays where it is read', async () => {
    const crowd = await buildBusiness(world.app.url, 'Crowd');
    await world.app.sql(
      `WITH made AS (SELECT n, gen_random_uuid() AS person, gen_random_uuid() AS room, now() - n * interval '1 minute' AS at
          FROM generate_series(1, 10000) n),
        people AS (INSERT INTO "user" (id, business_id, role, name, attributes) SELECT person, $1, 'guest', 'Guest ' || n, '{}' FROM made),
        rooms AS (INSERT INTO room (id, business_id, customer_id, status, context, priority, is_exclusive, waiting_since, created_at, active_at)
          SELECT room, $1, person, 'open', '{}', 'normal', true, at, at, at FROM made)
        INSERT INTO stream_counter (room_id, public_seq, active_at) SELECT room, 0, at FROM made`,
      [crowd.id],
    );
    const { page, errors } = await signIn(crowd.admin);
    await page.getByRole('button', { name: /^All/ }).click();
    await page.locator('.room-row').first().waitFor();
    const box = page.locator('.console-rows');
    let most = 0;
    await until(
      async () => {
        const { total, rows } = await box.evaluate((at) => {
          at.scrollTop = at.scrollHeight;
          return { total: at.scrollHeight / 84, rows: at.querySelectorAll('.room-row').length };
        });
        most = Math.max(most, rows);
        return total;
      },
      (total) => total >= 10_000,
      60_000,
    );
    await page.getByText('Guest 10000', { exact: true }).waitFor();
    expect(most).toBeLessThan(40);
    // What comes in above moves nothing that is in sight.
    await box.evaluate((at) => (at.scrollTop = 84 * 5_000));
    await page.getByText('Guest 5003', { exact: true }).waitFor();
    const where = async (): Promise<number> => Math.round((await page.getByText('Guest 5003', { exact: true }).boundingBox())?.y ?? 0);
    const before = await where();
    const guest = await buildGuest(world.app.url, crowd, 'Newcomer');
    await rest(world.app.url, 'POST', '/api/rooms', { token: guest.token, body: {} });
    await until(
      () => box.evaluate((at) => Math.round(at.scrollTop / 84)),
      (row) => row === 5_001,
    );
    expect(await where()).toBe(before);
    const frames = await framesOf(box, -400);
    const heap = await heapOf(page);
    process.stdout.write(
      `10,000 conversations: frame ${frames[57]?.toFixed(1)} ms in the median, ${frames[109]?.toFixed(1)} at p95; heap ${heap} MB; ${most} rows on the page\n`,
    );
    expect(errors).toEqual([]);
  });

  it('says everything in each of its languages', () => {
    const folder = join(__dirname, '../../web/console/strings');
    const keys = readdirSync(folder).map((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
    for (const each of keys) expect(each).toEqual(keys[0]);
  });

  it('N38 does one thing to many, and tells of each that was refused', async () => {
    const { page, errors } = await signIn();
    const rooms = [await ask('Bulk one'), await ask('Bulk two'), await ask('Bulk three')];
    await page.getByRole('button', { name: /^Queue/ }).click();
    for (const words of ['Bulk one', 'Bulk two', 'Bulk three']) {
      const row = page.locator('[role=listitem]', { hasText: words });
      await row.hover();
      await row.getByRole('checkbox').check();
    }
    await shows(page, '3 chosen');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('toolbar').getByRole('button', { name: 'Take it' }).click();
    await shows(page, '3 done.');
    for (const { id } of rooms) await becomes(id, ({ assignee }) => assignee?.id === robin.id);
    await page.getByRole('button', { name: /^Mine/ }).click();
    for (const words of ['Bulk one', 'Bulk two']) await page.locator('[role=listitem]', { hasText: words }).getByRole('checkbox').check();
    await page.route('**/api/rooms/bulk', async (route) => {
      await rest(world.app.url, 'DELETE', `/api/rooms/${rooms[0]?.id}`, { token: world.person.token });
      await route.continue();
    });
    await page.getByRole('toolbar').getByRole('button', { name: 'Take it' }).click();
    await page.getByText('1 done. 1 refused.').waitFor();
    await page.getByRole('listitem').getByText('Gwen: This conversation is closed.').waitFor();
    expect(await axe(page)).toEqual([]);
    // It has left the list by then.
    await page.getByRole('toolbar', { name: 'With those that are chosen' }).waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('moves from one to the next by keys, and says which keys there are', async () => {
    const { page, errors } = await signIn();
    const rooms = [await ask('Key one'), await ask('Key two')];
    await page.getByRole('button', { name: /^All/ }).click();
    await page.locator('.room-row', { hasText: 'Key two' }).click();
    await page.getByRole('log').getByText('Key two').waitFor();
    await page.locator('.thread [role=log]').focus();
    await page.keyboard.press('Alt+j');
    await page.getByRole('log').getByText('Key one').waitFor();
    await page.keyboard.press('Alt+k');
    await page.getByRole('log').getByText('Key two').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next conversation').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(rooms).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  it('shows a new business that there is nothing yet', async () => {
    const own = await buildBusiness(world.app.url);
    const { page, errors } = await signInToConsole(world, own.admin, { path: '/console/mine' });
    await shows(page, 'Nothing here. New conversations appear by themselves.');
    await page.getByRole('button', { name: 'Mentions' }).click();
    await page.getByText(/^Nobody has called you yet/).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('keeps within its size', () => {
    const html = readFileSync(join(PUBLIC, 'console/index.html'), 'utf8');
    const parts = [...html.matchAll(/\/faces\/(assets\/[\w-]+\.(?:js|css))/g)].map(([, path = '']) => path);
    const whole = parts.reduce((sum, path) => sum + gzipSync(readFileSync(join(PUBLIC, path)), { level: 9 }).length, 0);
    process.stdout.write(`console ${whole} bytes, compressed\n`);
    // Many small files would take turns on the way.
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.length).toBeLessThanOrEqual(3);
    expect(whole).toBeLessThanOrEqual(320 * 1_024);
  });
});
