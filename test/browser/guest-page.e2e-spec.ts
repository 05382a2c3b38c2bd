import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { startApp } from '../support/app.js';
import { describeInBrowser, watch } from '../support/browser.js';
import { buildAgent, buildBusiness, until } from '../support/factories.js';
import { rest } from '../support/rest.js';
import { freePort } from '../support/server-process.js';
import { HOSTILE, Visitors } from '../support/visitors.js';

describeInBrowser('the guest page in a browser', () => {
  const world = new Visitors();
  const { visit, write, bubbles, shows, newestRoom, joinAs, axe } = world;
  it('carries a conversation from the first word to the rating', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Do you ship to Norway?');
    await page.getByText('Alex is here for you now').waitFor();
    await shows(page, 'Delivered');
    room.markRead();
    await shows(page, 'Read');
    room.type();
    await shows(page, 'Alex is writing …');
    await room.send({ body: 'A note for us', stream: 'internal' });
    await room.send({ body: 'Within three days.' });
    await shows(page, 'Within three days.');
    await page.getByRole('textbox', { name: 'Write a message' }).pressSequentially('Thanks');
    await until(
      async () => Promise.resolve(room.snapshot.typing),
      (typing) => typing.length === 1,
    );
    await page.keyboard.press('Enter');
    await until(
      async () => Promise.resolve(room.snapshot.entries.public.at(-1)?.body),
      (body) => body === 'Thanks',
    );
    await page.locator('input[type=file]').setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('42 euros') });
    await page.getByText('receipt.txt, 100 %').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('link', { name: 'Download receipt.txt' }).waitFor();
    expect(await page.content()).not.toContain('A note for us');
    const colleague = await buildAgent(world.app.url, world.shop, { name: 'Robin' });
    await rest(world.app.url, 'POST', `/api/rooms/${room.id}/transfer`, { token: world.person.token, body: { agentId: colleague.id } });
    await shows(page, 'Robin goes on with you now');
    await rest(world.app.url, 'DELETE', `/api/rooms/${room.id}`, { token: world.person.token });
    await shows(page, 'The chat was ended');
    await page.getByText('4 of 5').locator('..').click();
    await page.getByLabel('Anything to add?').fill('Quick.');
    await page.getByRole('button', { name: 'Send the rating' }).click();
    await shows(page, 'Thank you for your rating.');
    const { body } = await rest(world.app.url, 'GET', `/api/rooms/${room.id}`, { token: world.person.token });
    expect(body.rating).toEqual({ score: 4, comment: 'Quick.' });
    await page.getByRole('button', { name: 'Start a new chat' }).click();
    await write(page, 'One more thing');
    await shows(page, 'Sent');
    expect(await newestRoom()).not.toBe(room.id);
    expect(errors).toEqual([]);
  });

  it('keeps the thread over a reload, and what was written without a connection over both', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'One');
    await room.send({ body: 'Two' });
    await shows(page, 'Two');
    world.proxy.shut();
    await page.getByText(/^No connection/).waitFor();
    await write(page, 'Three');
    await write(page, 'Four');
    await room.send({ body: 'From afar' });
    expect(await page.getByText('Sending').count()).toBe(2);
    world.proxy.open();
    await page.reload();
    await until(
      () => bubbles(page),
      (all) => all.length === 5,
    );
    expect(await bubbles(page)).toEqual(['One', 'Two', 'From afar', 'Three', 'Four']);
    expect(errors).toEqual([]);
  });

  it('sends all that is written while the visitor is still signed in, to one room, and gives it back after a reload', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    let isHeld = true;
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route('**/api/auth/guest', async (route) => {
      if (isHeld) await held;
      await route.continue().catch(() => undefined);
    });
    await write(page, 'Lost by a reload?');
    await shows(page, 'Sending');
    await page.reload();
    const box = page.getByRole('textbox', { name: 'Write a message' });
    expect(await box.inputValue()).toBe('Lost by a reload?');
    await box.press('Enter');
    await write(page, 'Two');
    await write(page, 'Three');
    expect(await page.getByText('Sending').count()).toBe(3);
    expect(await axe(page)).toEqual([]);
    isHeld = false;
    release();
    await until(
      () => page.getByText(/^(Sent|Delivered|Read)$/).count(),
      (count) => count > 0,
    );
    expect(await bubbles(page)).toEqual(['Lost by a reload?', 'Two', 'Three']);
    const { body } = await rest(world.app.url, 'GET', `/api/rooms/${await newestRoom()}/messages`, { token: world.person.token });
    expect(body.items.map((entry: { body: string }) => entry.body)).toEqual(['Lost by a reload?', 'Two', 'Three']);
    await write(page, 'four '.repeat(100));
    await page.getByRole('button', { name: /^Reply: four/ }).waitFor();
    const names = await page.locator('.answer').evaluateAll((all) => all.map((at) => at.getAttribute('aria-label')?.length ?? 0));
    expect(Math.max(...names)).toBeLessThan(100);
    expect(errors).toEqual([]);
  });

  it('begins the next chat with what came too late for the last one, and says why in the language of the visitor', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`, { locale: 'de' });
    const box = page.getByRole('textbox', { name: 'Nachricht schreiben' });
    await box.fill('Erstens');
    await box.press('Enter');
    await page.getByText('Gesendet', { exact: true }).waitFor();
    const before = await newestRoom();
    await page.locator('input[type=file]').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByText(/100 %/).waitFor();
    world.proxy.shut();
    await page.getByText(/^Keine Verbindung/).waitFor();
    await box.fill('Zu spät');
    await box.press('Enter');
    await rest(world.app.url, 'DELETE', `/api/rooms/${before}`, { token: world.person.token });
    world.proxy.open();
    await page.getByText('Nicht gesendet: Der Chat wurde beendet').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Erneut senden' }).click();
    await page.getByText('Gesendet', { exact: true }).waitFor();
    expect(await bubbles(page)).toEqual(['Zu spät']);
    // It belongs to the room that it was put into.
    await page.getByRole('alert').getByText('Die Datei wurde nicht gesendet').waitFor();
    const stored = async (): Promise<string[]> => {
      const { body } = await rest(world.app.url, 'GET', `/api/rooms/${await newestRoom()}/messages`, { token: world.person.token });
      return body.items.map((entry: { body: string }) => entry.body);
    };
    expect(await until(stored, ([said]) => said === 'Zu spät')).toEqual(['Zu spät']);
    expect(errors).toEqual([]);
  });

  it('tells what is the matter: an unknown link, a form to fill in, a blocked visitor', async () => {
    const unknown = await visit('/chat/nobody');
    await shows(unknown.page, 'There is no chat at this address.');
    expect(await axe(unknown.page)).toEqual([]);
    const strict = await buildBusiness(world.app.url, 'Strict');
    await rest(world.app.url, 'PATCH', '/api/business', {
      token: strict.admin.token,
      body: { preChat: { required: ['name', 'email'], consentText: 'We keep what you write for a year.' } },
    });
    const { page } = await visit(`/chat/${strict.slug}`);
    await page.getByRole('button', { name: 'Start the chat' }).click();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual(['Please fill this in', 'Please fill this in']);
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Your name').fill('Gwen');
    await page.getByLabel('Your e-mail address').fill('gwen');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    expect(await page.getByRole('alert').allInnerTexts()).toEqual(['This is no e-mail address']);
    await page.getByLabel('Your e-mail address').fill('gwen@mail.example');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    await write(page, 'Hello');
    await shows(page, 'Sent');
    const { body } = await rest(world.app.url, 'GET', '/api/customers', { token: strict.admin.token });
    expect(body.items[0]).toMatchObject({ name: 'Gwen', email: 'gwen@mail.example' });
    await rest(world.app.url, 'POST', `/api/customers/${body.items[0].id}/block`, { token: strict.admin.token, body: { blocked: true } });
    // Stays who it is, also over a reload and after the chat was closed.
    const isRefused = async (words: string): Promise<void> => {
      await write(page, words);
      await page.locator('.entry', { hasText: words }).getByText('Not sent: This chat is not available').waitFor();
    };
    await isRefused('Rude');
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await shows(page, 'Hello');
    const { items: rooms } = (await rest(world.app.url, 'GET', '/api/rooms', { token: strict.admin.token })).body;
    await rest(world.app.url, 'DELETE', `/api/rooms/${rooms[0].id}`, { token: strict.admin.token });
    await page.getByRole('button', { name: 'Start a new chat' }).click();
    await isRefused('Ruder');
    const people = await rest(world.app.url, 'GET', '/api/customers', { token: strict.admin.token });
    expect(people.body.items).toHaveLength(1);
  });

  it('N14 asks how to reach whoever writes while nobody is there, and forgets everything when it is asked to', async () => {
    const quiet = await buildBusiness(world.app.url, 'Quiet');
    const { page, errors } = await visit(`/chat/${quiet.slug}`);
    await page.getByText(/^Nobody is here right now/).waitFor();
    await write(page, 'Is anybody there?');
    await page.getByLabel('Leave your e-mail address').fill('gwen');
    await page.locator('.address').getByRole('button', { name: 'Send' }).click();
    await shows(page, 'This is no e-mail address');
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Leave your e-mail address').fill('gwen@mail.example');
    await page.locator('.address').getByRole('button', { name: 'Send' }).click();
    await shows(page, 'We can reach you at gwen@mail.example.');
    const { items } = (await rest(world.app.url, 'GET', '/api/customers', { token: quiet.admin.token })).body;
    expect(items[0].email).toBe('gwen@mail.example');
    const rooms = (await rest(world.app.url, 'GET', '/api/rooms', { token: quiet.admin.token })).body.items;
    expect(rooms[0].context).toMatchObject({ offline: true });
    await page.locator('summary').click();
    await page.getByRole('button', { name: 'Delete my data' }).click();
    await page.getByRole('button', { name: 'Yes' }).click();
    await until(
      () => bubbles(page),
      (all) => all.length === 0,
    );
    expect(
      (await world.app.sql('SELECT body FROM message WHERE room_id = $1', [rooms[0].id])).filter(({ body }: any) => body !== null),
    ).toEqual([]);
    await write(page, 'Somebody new');
    await shows(page, 'Sent');
    expect(errors).toEqual([]);
  });

  it('works with storage denied and with WebSocket blocked', async () => {
    const context = await world.browser.newContext({ locale: 'en-GB' });
    world.contexts.push(context);
    await context.addInitScript(() => {
      const denied = (): never => {
        throw new DOMException('denied', 'SecurityError');
      };
      for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: denied });
      Object.defineProperty(window, 'WebSocket', {
        value: class {
          onerror?: (event: Event) => void;
          constructor() {
            setTimeout(() => this.onerror?.(new Event('error')));
          }
          close(): void {
            // It was never open.
          }
        },
      });
    });
    const { page, errors } = await watch(context);
    await page.goto(`${world.proxy.url}/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Hello');
    await room.send({ body: 'Heard' });
    await shows(page, 'Heard');
    expect(errors).toEqual([]);
  });

  it('shows both tabs of a visitor the same', async () => {
    const first = await visit(`/chat/${world.shop.slug}`);
    await joinAs(first.page, 'One');
    const second = await watch(first.page.context());
    await second.page.goto(`${world.proxy.url}/chat/${world.shop.slug}`);
    await shows(second.page, 'One');
    await Promise.all([write(first.page, 'Two'), write(second.page, 'Three')]);
    for (const { page } of [first, second]) {
      await shows(page, 'Two');
      await shows(page, 'Three');
    }
    expect(await bubbles(first.page)).toEqual(await bubbles(second.page));
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('A39 A46 takes every text for a text', async () => {
    const { page, errors, requests } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, HOSTILE[0] as string);
    for (const body of HOSTILE) await room.send({ body });
    await shows(page, HOSTILE.at(-1) as string);
    await until(
      () => bubbles(page),
      (all) => all.length === HOSTILE.length + 1,
    );
    expect(await bubbles(page)).toEqual([HOSTILE[0], ...HOSTILE]);
    await room.send({ body: '**Soon**, see [our page](https://shop.example/returns)' });
    await page.getByRole('link', { name: 'our page (shop.example)' }).waitFor();
    expect(await page.locator('.bubble .text strong').allInnerTexts()).toEqual(['Soon']);
    await page.locator('input[type=file]').setInputFiles({ name: `${HOSTILE[0]}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByText(/100 %/).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.file').waitFor();
    expect(requests.filter((address) => !address.startsWith(world.proxy.url))).toEqual([]);
    const links = await page.locator('.bubble .text a').evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol));
    expect(links.filter((protocol) => protocol !== 'https:' && protocol !== 'http:')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('says no more what was the matter once it is over', async () => {
    const context = await world.browser.newContext({ locale: 'en-GB' });
    world.contexts.push(context);
    const { page } = await watch(context);
    await page.route('**/api/businesses/*', (route) => route.abort(), { times: 1 });
    await page.goto(`${world.proxy.url}/chat/${world.shop.slug}`);
    await page.getByText(/^The chat cannot be reached right now/).waitFor();
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByText(/cannot be reached/).count()).toBe(0);
  });

  it('leaves the new chat alone when an answer about the old one comes late', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Hello');
    await rest(world.app.url, 'DELETE', `/api/rooms/${room.id}`, { token: world.person.token });
    let isAnswered = false;
    await page.route('**/rating', async (route) => {
      const response = await route.fetch();
      await until(
        async () => page.getByRole('textbox', { name: 'Write a message' }).count(),
        (count) => count === 1,
      );
      await route.fulfill({ response });
      isAnswered = true;
    });
    await page.getByText('4 of 5').locator('..').click();
    await page.getByRole('button', { name: 'Send the rating' }).click();
    await shows(page, 'Thank you for your rating.');
    await page.getByRole('button', { name: 'Start a new chat' }).click();
    await until(
      async () => Promise.resolve(isAnswered),
      (is) => is,
    );
    await page.waitForTimeout(300);
    await write(page, 'One more thing');
    await shows(page, 'Sent');
    expect(errors).toEqual([]);
  });

  it('leaves the focus where it is when something comes in', async () => {
    const { page } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Hello');
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.locator('summary').click();
    await page.getByRole('button', { name: 'Earlier chats' }).focus();
    await room.send({ body: 'While the menu is open' });
    await shows(page, 'While the menu is open');
    expect(await focused()).toBe('Earlier chats');
    await page.getByRole('button', { name: 'Go on on another device' }).click();
    const link = page.getByRole('textbox', { name: 'Link' });
    await link.focus();
    await room.send({ body: 'While the link is marked' });
    await until(
      async () => Promise.resolve(room.snapshot.outgoing.length),
      (count) => count === 0,
    );
    await page.waitForTimeout(500);
    expect(await link.evaluate((at) => at === document.activeElement)).toBe(true);
  });

  it('D9 takes files by drop and by paste, and lets go of one that is cancelled', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    await joinAs(page, 'Hello');
    const give = (how: 'drop' | 'paste', name: string): Promise<void> =>
      page.evaluate(
        ([kind, file]) => {
          const data = new DataTransfer();
          data.items.add(new File(['words'], file as string, { type: 'text/plain' }));
          const event =
            kind === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector(kind === 'drop' ? 'main' : 'textarea')?.dispatchEvent(event);
        },
        [how, name],
      );
    for (const [how, name] of [
      ['drop', 'dropped.txt'],
      ['paste', 'pasted.txt'],
      ['drop', 'unwanted.txt'],
    ] as const) {
      await give(how, name);
      await page.getByText(`${name}, 100 %`).waitFor();
    }
    await page.getByRole('button', { name: 'Cancel: unwanted.txt' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('link', { name: 'Download dropped.txt' }).waitFor();
    await page.getByRole('link', { name: 'Download pasted.txt' }).waitFor();
    expect(await page.getByText('unwanted.txt').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('A39 takes the names and texts of a business for texts, too', async () => {
    const own = await buildBusiness(world.app.url, HOSTILE[0]);
    const rogue = await buildAgent(world.app.url, own, { name: HOSTILE[1] as string });
    await rest(world.app.url, 'PATCH', '/api/business', {
      token: own.admin.token,
      body: { welcomeText: HOSTILE.join('\n'), preChat: { required: ['name'], consentText: HOSTILE[2] } },
    });
    const { page, errors, requests } = await visit(`/chat/${own.slug}`);
    await page
      .getByText(HOSTILE[2] as string)
      .first()
      .waitFor();
    await page.getByLabel('Your name').fill(HOSTILE[3] as string);
    await page.getByRole('button', { name: 'Start the chat' }).click();
    expect(await page.locator('.welcome').innerText()).toBe(HOSTILE.join('\n'));
    await write(page, 'Hello');
    await shows(page, 'Sent');
    const [{ id }] = (await rest(world.app.url, 'GET', '/api/rooms', { token: own.admin.token })).body.items;
    await rest(world.app.url, 'POST', `/api/rooms/${id}/claim`, { token: rogue.token });
    await shows(page, `${HOSTILE[1]} is here for you now`);
    expect(await page.locator('header h1').innerText()).toBe(HOSTILE[0]);
    expect(requests.filter((address) => !address.startsWith(world.proxy.url))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('has no fault that axe finds, in light and dark and from right to left', async () => {
    for (const options of [{ colorScheme: 'dark' }, { locale: 'ar' }] as const) {
      const { page } = await visit(`/chat/${world.shop.slug}`, options);
      const box = page.getByRole('textbox');
      await box.fill('مرحبا hello https://parley.example/');
      await box.press('Enter');
      await page.locator('.mark').waitFor();
      expect(await axe(page)).toEqual([]);
      if ('locale' in options) expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    }
  });

  it('speaks the languages that it has', async () => {
    const names = { de: 'Nachricht schreiben', es: 'Escriba un mensaje', fr: 'Écrire un message', ar: 'اكتب رسالة' };
    for (const [locale, name] of Object.entries(names)) {
      const { page } = await visit(`/chat/${world.shop.slug}`, { locale });
      await page.getByRole('textbox', { name }).waitFor();
    }
    const files = readdirSync(join(__dirname, '../../web/chat/strings'));
    const keys = files.map((file) => Object.keys(JSON.parse(readFileSync(join(__dirname, '../../web/chat/strings', file), 'utf8'))));
    for (const each of keys) expect(each).toEqual(keys[0]);
  });

  it('goes on when the server is another one, with nothing lost and nothing twice', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const { id } = await joinAs(page, 'Before');
    const restarting = world.restart();
    await page.getByText(/^No connection/).waitFor();
    await write(page, 'Meanwhile');
    await restarting;
    const room = world.agent.room(id);
    await room.send({ body: 'After' });
    await shows(page, 'After');
    await until(
      async () => Promise.resolve(room.snapshot.entries.public.map(({ body }) => body)),
      (all) => all.includes('Meanwhile'),
      20_000,
    );
    expect((await bubbles(page)).toSorted()).toEqual(['After', 'Before', 'Meanwhile']);
    await page.locator('.connection.online').waitFor({ state: 'attached' });
    expect(errors).toEqual([]);
  });

  it('N30 N31 answers one message of many, and offers answers to press', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Do you have it in red?');
    await room.send({ body: 'We do. Which size?\n[Small](reply:) [Large](reply:)' });
    await shows(page, 'We do. Which size?');
    expect(await page.locator('.quick button').allInnerTexts()).toEqual(['Small', 'Large']);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Large', exact: true }).click();
    await until(
      async () => Promise.resolve(room.snapshot.entries.public.at(-1)?.body),
      (body) => body === 'Large',
    );
    expect(await page.locator('.quick button').count()).toBe(0);
    await page.locator('.entry.theirs').hover();
    await page.getByRole('button', { name: /^Reply: We do/ }).click();
    await page.getByRole('button', { name: 'Do not reply to it' }).waitFor();
    await write(page, 'This one');
    const answer = await until(
      async () => Promise.resolve(room.snapshot.entries.public.at(-1)),
      (last) => last?.body === 'This one',
    );
    expect(answer?.replyTo).toBe(room.snapshot.entries.public.find(({ body }) => body?.startsWith('We do'))?.id);
    expect(await page.locator('.own blockquote').innerText()).toBe('We do. Which size?');
    expect(errors).toEqual([]);
  });

  it('K6 puts emoji where the cursor is, and shows pictures large', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const box = page.getByRole('textbox', { name: 'Write a message' });
    await box.fill('Hi there');
    await box.evaluate((at: HTMLTextAreaElement) => at.setSelectionRange(2, 2));
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('button', { name: '😀' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await box.inputValue()).toBe('Hi😄 there');
    await box.press('Enter');
    await shows(page, 'Hi😄 there');
    const picture = async (name: string, background: string): Promise<void> => {
      const buffer = await sharp({ create: { width: 900, height: 600, channels: 3, background } })
        .png()
        .toBuffer();
      await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });
      await page.getByText(`${name}, 100 %`).waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.getByRole('link', { name: `Picture ${name}` }).waitFor();
    };
    await picture('red.png', '#aa3333');
    await picture('blue.png', '#3333aa');
    await page.getByRole('link', { name: 'Picture red.png' }).click();
    const dialog = page.getByRole('dialog');
    const shown = dialog.locator('img');
    await until(
      () => shown.evaluate((img: HTMLImageElement) => img.naturalWidth).catch(() => 0),
      (width) => width === 900,
    );
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await dialog.getByText('blue.png').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('N41 leads back to earlier chats', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'About the lantern');
    await rest(world.app.url, 'DELETE', `/api/rooms/${room.id}`, { token: world.person.token });
    await page.getByRole('button', { name: 'Start a new chat' }).click();
    await write(page, 'About the blanket');
    await shows(page, 'Sent');
    await page.locator('summary').click();
    await page.getByRole('button', { name: 'Earlier chats' }).click();
    await page.locator('.rooms button').nth(1).waitFor();
    expect(await page.locator('.rooms button > span').allInnerTexts()).toEqual(['About the blanket', 'About the lantern']);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: /^About the lantern/ }).click();
    await shows(page, 'About the lantern');
    expect(await bubbles(page)).toEqual(['About the lantern']);
    expect(await page.getByRole('textbox', { name: 'Write a message' }).count()).toBe(0);
    // The open one goes on: a customer has one at a time.
    await page.getByRole('button', { name: 'Start a new chat' }).click();
    await write(page, 'Still there?');
    await until(
      () => bubbles(page),
      (all) => all.length === 2,
    );
    expect(await bubbles(page)).toEqual(['About the blanket', 'Still there?']);
    expect(errors).toEqual([]);
  });

  it('N57 goes on on another device by a link that is good once', async () => {
    const { page } = await visit(`/chat/${world.shop.slug}`);
    const room = await joinAs(page, 'Begun on the desk');
    await page.locator('summary').click();
    await page.getByRole('button', { name: 'Go on on another device' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    await page.locator('svg.code path[d^=M]').waitFor();
    expect(await axe(page)).toEqual([]);
    const phone = await visit(link, { hasTouch: true, isMobile: true });
    await shows(phone.page, 'Begun on the desk');
    expect(phone.page.url()).toBe(`${world.proxy.url}/chat/${world.shop.slug}`);
    await write(phone.page, 'Gone on with on the phone');
    await page.getByRole('button', { name: 'Back' }).click();
    await shows(page, 'Gone on with on the phone');
    await room.send({ body: 'Both hear this' });
    await Promise.all([shows(page, 'Both hear this'), shows(phone.page, 'Both hear this')]);
    const late = await visit(link);
    await late.page.getByText(/^This link was used already/).waitFor();
    expect(await bubbles(late.page)).toEqual([]);
    expect(phone.errors).toEqual([]);
  });

  it('shows the logo, the hours and the time to wait', async () => {
    const own = await buildBusiness(world.app.url, 'Hours');
    const logo = `${world.proxy.url}/chat/${own.slug}/logo.png`;
    const hours = { timeZone: 'Europe/Berlin', weekly: [{ day: 1, from: '09:00', to: '18:00' }], holidays: [] };
    await rest(world.app.url, 'PATCH', '/api/business', {
      token: own.admin.token,
      body: { theme: { logoUrl: logo }, settings: { hours } },
    });
    const { page } = await visit(`/chat/${own.slug}`);
    expect(await page.locator('.logo').getAttribute('src')).toBe(logo);
    await page.locator('summary').click();
    await page.getByRole('button', { name: 'Opening hours' }).click();
    await page.getByText('09:00–18:00').waitFor();
    expect(await page.locator('.hours dt').allInnerTexts()).toEqual([
      'Monday',
      'Tuesday',
      'Wednesday',
      'Thursday',
      'Friday',
      'Saturday',
      'Sunday',
    ]);
    expect(await axe(page)).toEqual([]);
    const port = `${await freePort()}`;
    const settings = { RATE_LIMIT_FACTOR: '0.1', PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
    const strict = await startApp(settings, world.app.databaseUrl);
    const first = await visit(`${strict.url}/chat/${own.slug}`);
    await write(first.page, 'Hello');
    await shows(first.page, 'Sent');
    const second = await visit(`${strict.url}/chat/${own.slug}`);
    await write(second.page, 'Hello, too');
    await second.page.getByText(/^Too much at once\. Please try again in \d+ s\.$/).waitFor();
    expect(await second.page.getByRole('textbox', { name: 'Write a message' }).inputValue()).toBe('Hello, too');
    await strict.close();
  });

  it('is used by keyboard alone, from the first word to the next chat', async () => {
    const { page, errors } = await visit(`/chat/${world.shop.slug}`);
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    const { keyboard } = page;
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const at = document.activeElement;
        return at?.getAttribute('aria-label') ?? (at?.closest('label') ?? at)?.textContent ?? '';
      });
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        if ((await focused()) === name) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}, but to ${await focused()}`);
    };
    await tabTo('Write a message');
    await keyboard.type('Only keys here');
    await keyboard.press('Enter');
    await shows(page, 'Sent');
    await tabTo('More');
    await keyboard.press('Enter');
    await tabTo('Sounds off');
    await keyboard.press('Enter');
    await tabTo('More');
    await keyboard.press('Enter');
    await tabTo('End this chat');
    await keyboard.press('Enter');
    await tabTo('Yes');
    await keyboard.press('Enter');
    await shows(page, 'The chat was ended');
    await tabTo('1 of 5');
    await keyboard.press('Space');
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await tabTo('Send the rating');
    await keyboard.press('Enter');
    await shows(page, 'Thank you for your rating.');
    const room = (await rest(world.app.url, 'GET', `/api/rooms/${await newestRoom()}`, { token: world.person.token })).body;
    expect(room.rating.score).toBe(3);
    await tabTo('Start a new chat');
    await keyboard.press('Enter');
    await tabTo('Write a message');
    expect(errors).toEqual([]);
  });
});
