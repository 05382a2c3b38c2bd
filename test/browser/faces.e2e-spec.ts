import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { memoryStore, Parley, type LiveRoom, type OwnUser } from '../../sdk/src/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { describeInBrowser, startBrowser, watch, type Watched } from '../support/browser.js';
import { buildAgent, buildBusiness, setUp, until, type Person, type Tenant } from '../support/factories.js';
import { startProxy, type Proxy } from '../support/proxy.js';
import { rest } from '../support/rest.js';
import { freePort } from '../support/server-process.js';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PUBLIC = join(__dirname, '../../dist/public');
/** What strangers write into every text and file name there is. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  'javascript:alert(1)',
  '[click](javascript:alert(1))',
  '<iframe src="https://evil.example/"></iframe>',
  '<a href="https://evil.example/" ping="https://evil.example/">x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '<style>@import url(https://evil.example/);</style>',
  'data:text/html,<script>alert(1)</script>',
];

describeInBrowser('the faces in a browser', () => {
  let app: TestApp;
  let proxy: Proxy;
  let shop: Tenant;
  let person: Person;
  let browser: Browser;
  let agent: Parley;
  const contexts: BrowserContext[] = [];

  const visit = async (path: string, options: BrowserContextOptions = {}): Promise<Watched> => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: 'en-GB', ...options });
    contexts.push(context);
    const watched = await watch(context);
    await watched.page.goto(path.startsWith('http') ? path : proxy.url + path);
    return watched;
  };
  const write = async (page: Page | FrameLocator, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
    await page.locator('.composer').getByRole('button', { name: 'Send', exact: true }).click();
  };
  const bubbles = (page: Page | FrameLocator): Promise<string[]> => page.locator('.bubble .text').allInnerTexts();
  const shows = (page: Page | FrameLocator, text: string): Promise<void> =>
    page.getByText(text, { exact: true }).first().waitFor({ timeout: 15_000 });
  const newestRoom = async (): Promise<string> => {
    const [room] = await until(
      () => app.sql<{ id: string }>('SELECT id FROM room WHERE business_id = $1 ORDER BY id DESC LIMIT 1', [shop.id]),
      (rooms) => rooms.length > 0,
    );
    return room?.id ?? '';
  };
  /** The room that a visitor has just begun, in the hands of an agent. */
  const joinAs = async (page: Page | FrameLocator, first: string): Promise<LiveRoom> => {
    const before = await app.sql('SELECT id FROM room');
    await write(page, first);
    await until(
      () => app.sql('SELECT id FROM room'),
      (rooms) => rooms.length > before.length,
    );
    const id = await newestRoom();
    await rest(app.url, 'POST', `/api/rooms/${id}/claim`, { token: person.token });
    const room = agent.room(id);
    await until(
      async () => Promise.resolve(room.snapshot),
      ({ isLive, entries }) => isLive && entries.public.length > 0,
    );
    return room;
  };
  const axe = async (page: Page): Promise<string[]> => {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => (window as any).axe.run());
    return violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
  };

  beforeAll(async () => {
    const port = await freePort();
    app = await startApp({
      RATE_LIMIT_FACTOR: '100000',
      DOCS: 'on',
      CORS_ORIGIN: `http://127.0.0.1:${port}`,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    });
    proxy = await startProxy(app.url, port);
    shop = await buildBusiness(app.url, 'Lantern & Loom');
    person = await buildAgent(app.url, shop);
    agent = await Parley.open({ url: app.url, store: memoryStore(), firstRetryMs: 20 });
    const tokens = { accessToken: person.token, refreshToken: person.refreshToken, tokenType: 'Bearer', expiresIn: 900 } as const;
    await agent.enter({ ...tokens, user: { id: person.id } as OwnUser });
    agent.connect();
    browser = await startBrowser();
  });
  afterEach(async () => {
    proxy.open();
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    agent.close();
    await browser.close();
    await proxy.close();
    await app.close();
  });

  describe('the guest page', () => {
    it('carries a conversation from the first word to the rating', async () => {
      const { page, errors } = await visit(`/chat/${shop.slug}`);
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
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'receipt.txt', mimeType: 'text/plain', buffer: Buffer.from('42 euros') });
      await page.getByText('receipt.txt, 100 %').waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.getByRole('link', { name: 'Download receipt.txt' }).waitFor();
      expect(await page.content()).not.toContain('A note for us');
      await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: person.token });
      await shows(page, 'The chat was ended');
      await page.getByText('4 of 5').locator('..').click();
      await page.getByLabel('Anything to add?').fill('Quick.');
      await page.getByRole('button', { name: 'Send the rating' }).click();
      await shows(page, 'Thank you for your rating.');
      const { body } = await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: person.token });
      expect(body.rating).toEqual({ score: 4, comment: 'Quick.' });
      await page.getByRole('button', { name: 'Start a new chat' }).click();
      await write(page, 'One more thing');
      await shows(page, 'Sent');
      expect(await newestRoom()).not.toBe(room.id);
      expect(errors).toEqual([]);
    });

    it('keeps the thread over a reload, and what was written without a connection over both', async () => {
      const { page, errors } = await visit(`/chat/${shop.slug}`);
      const room = await joinAs(page, 'One');
      await room.send({ body: 'Two' });
      await shows(page, 'Two');
      proxy.shut();
      await page.getByText(/^No connection/).waitFor();
      await write(page, 'Three');
      await write(page, 'Four');
      await room.send({ body: 'From afar' });
      expect(await page.getByText('Sending').count()).toBe(2);
      proxy.open();
      await page.reload();
      await until(
        () => bubbles(page),
        (all) => all.length === 5,
      );
      expect(await bubbles(page)).toEqual(['One', 'Two', 'From afar', 'Three', 'Four']);
      expect(errors).toEqual([]);
    });

    it('tells what is the matter: an unknown link, a form to fill in, a blocked visitor', async () => {
      const unknown = await visit('/chat/nobody');
      await shows(unknown.page, 'There is no chat at this address.');
      expect(await axe(unknown.page)).toEqual([]);
      const strict = await buildBusiness(app.url, 'Strict');
      await rest(app.url, 'PATCH', '/api/business', {
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
      const { body } = await rest(app.url, 'GET', '/api/customers', { token: strict.admin.token });
      expect(body.items[0]).toMatchObject({ name: 'Gwen', email: 'gwen@mail.example' });
      await rest(app.url, 'POST', `/api/customers/${body.items[0].id}/block`, { token: strict.admin.token, body: { blocked: true } });
      await shows(page, 'This chat was ended elsewhere.');
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Start a new chat' }).waitFor();
    });

    it('N14 asks how to reach whoever writes while nobody is there, and forgets everything when it is asked to', async () => {
      const quiet = await buildBusiness(app.url, 'Quiet');
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
      const { items } = (await rest(app.url, 'GET', '/api/customers', { token: quiet.admin.token })).body;
      expect(items[0].email).toBe('gwen@mail.example');
      const rooms = (await rest(app.url, 'GET', '/api/rooms', { token: quiet.admin.token })).body.items;
      expect(rooms[0].context).toMatchObject({ offline: true });
      await page.locator('summary').click();
      await page.getByRole('button', { name: 'Delete my data' }).click();
      await page.getByRole('button', { name: 'Yes' }).click();
      await until(
        () => bubbles(page),
        (all) => all.length === 0,
      );
      expect(
        (await app.sql('SELECT body FROM message WHERE room_id = $1', [rooms[0].id])).filter(({ body }: any) => body !== null),
      ).toEqual([]);
      await write(page, 'Somebody new');
      await shows(page, 'Sent');
      expect(errors).toEqual([]);
    });

    it('works with storage denied and with WebSocket blocked', async () => {
      const context = await browser.newContext({ locale: 'en-GB' });
      contexts.push(context);
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
      await page.goto(`${proxy.url}/chat/${shop.slug}`);
      const room = await joinAs(page, 'Hello');
      await room.send({ body: 'Heard' });
      await shows(page, 'Heard');
      expect(errors).toEqual([]);
    });

    it('shows both tabs of a visitor the same', async () => {
      const first = await visit(`/chat/${shop.slug}`);
      await joinAs(first.page, 'One');
      const second = await watch(first.page.context());
      await second.page.goto(`${proxy.url}/chat/${shop.slug}`);
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
      const { page, errors, requests } = await visit(`/chat/${shop.slug}`);
      const room = await joinAs(page, HOSTILE[0] as string);
      for (const body of HOSTILE) await room.send({ body });
      await shows(page, HOSTILE.at(-1) as string);
      await until(
        () => bubbles(page),
        (all) => all.length === HOSTILE.length + 1,
      );
      expect(await bubbles(page)).toEqual([HOSTILE[0], ...HOSTILE]);
      await page.locator('input[type=file]').setInputFiles({ name: `${HOSTILE[0]}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') });
      await page.getByText(/100 %/).waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.file').waitFor();
      expect(requests.filter((address) => !address.startsWith(proxy.url))).toEqual([]);
      const links = await page.locator('.bubble .text a').evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol));
      expect(links.filter((protocol) => protocol !== 'https:' && protocol !== 'http:')).toEqual([]);
      expect(errors).toEqual([]);
    });

    it('has no fault that axe finds, in light and dark and from right to left', async () => {
      for (const options of [{ colorScheme: 'dark' }, { locale: 'ar' }] as const) {
        const { page } = await visit(`/chat/${shop.slug}`, options);
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
        const { page } = await visit(`/chat/${shop.slug}`, { locale });
        await page.getByRole('textbox', { name }).waitFor();
      }
      const files = readdirSync(join(__dirname, '../../web/chat/strings'));
      const keys = files.map((file) => Object.keys(JSON.parse(readFileSync(join(__dirname, '../../web/chat/strings', file), 'utf8'))));
      for (const each of keys) expect(each).toEqual(keys[0]);
    });
  });

  describe('the widget', () => {
    let site: Server;
    let siteUrl: string;
    /** The same for browsers that keep nothing for frames of other sites: this one does so by default. */
    let farUrl: string;
    let html = '';

    const tag = (): string => `<script async src="${proxy.url}/widget.js" data-business="${shop.slug}"></script>`;
    /** A page on another site. */
    const visitSite = async (body: string, url = siteUrl): Promise<Watched> => {
      html = body;
      return visit(url, { viewport: { width: 1_000, height: 800 } });
    };
    const panel = (page: Page): FrameLocator => page.frameLocator('iframe');

    beforeAll(async () => {
      site = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.setHeader(
          'Content-Security-Policy',
          `default-src 'none'; script-src ${proxy.url} 'nonce-own'; connect-src ${proxy.url}; frame-src ${proxy.url}; require-trusted-types-for 'script'`,
        );
        response.end(`<!doctype html><html lang="en"><title>Site</title><body><main><h1>Site</h1><input id="own"></main>${html}`);
      });
      await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
      const { port } = site.address() as AddressInfo;
      [siteUrl, farUrl] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
      await setUp(app.url, shop, { allowedOrigins: [siteUrl, farUrl] });
    });
    afterAll(() => new Promise((done) => site.close(done)));

    it('asks for the public profile only, and keeps nothing, until somebody clicks; under a strict policy of the site', async () => {
      const { page, errors, requests } = await visitSite(tag(), farUrl);
      const launcher = page.getByRole('button', { name: 'Open the chat' });
      await launcher.waitFor();
      await page.waitForTimeout(500);
      expect(requests.filter((address) => address.startsWith(proxy.url))).toEqual([
        `${proxy.url}/widget.js`,
        `${proxy.url}/api/businesses/${shop.slug}`,
      ]);
      expect(await page.context().cookies()).toEqual([]);
      expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
      expect(await page.locator('iframe').count()).toBe(0);
      await launcher.click();
      const room = await joinAs(panel(page), 'Hello from a site');
      await room.send({ body: 'Hello back' });
      await shows(panel(page), 'Hello back');
      const { context } = (await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: person.token })).body;
      expect(context).toMatchObject({ page: `${farUrl}/`, title: 'Site' });
      expect(await page.context().cookies()).toEqual([]);
      expect(errors).toEqual([]);
    });

    it('closes by Escape, counts what came meanwhile, and comes back to who has chatted before', async () => {
      const { page } = await visitSite(tag());
      await page.getByRole('button', { name: 'Open the chat' }).click();
      const room = await joinAs(panel(page), 'Hello');
      await panel(page).getByRole('textbox').press('Escape');
      await page.locator('iframe').waitFor({ state: 'hidden' });
      expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName)).toBe('BUTTON');
      await room.send({ body: 'Still there?' });
      await page.getByRole('button', { name: 'Open the chat, 1 unread' }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Open the chat, 1 unread' }).click();
      await shows(panel(page), 'Still there?');
      await page.getByRole('button', { name: 'Open the chat', exact: true }).waitFor();
    });

    it('does what the site says, also before it was loaded', async () => {
      const { page, errors } = await visitSite(`<script nonce="own">
        window.heard = [];
        window.Parley = function () { (Parley.q = Parley.q || []).push(arguments); };
        Parley('on', 'open', () => heard.push('open'));
        Parley('on', 'close', () => heard.push('close'));
        Parley('boot', { business: '${shop.slug}', locale: 'de', color: '#ffe08a', position: 'left', name: 'Gwen' });
      </script><script async src="${proxy.url}/widget.js"></script>`);
      await page.getByRole('button', { name: 'Chat öffnen' }).waitFor();
      await page.evaluate("Parley('setAttributes', { plan: 'gold' }); Parley('open')");
      await panel(page).getByRole('textbox', { name: 'Nachricht schreiben' }).fill('Hallo');
      await panel(page).getByRole('button', { name: 'Senden', exact: true }).click();
      await panel(page).locator('.mark').waitFor();
      const [{ name, attributes }] = (await app.sql<any>('SELECT name, attributes FROM "user" WHERE name = $1 ORDER BY id DESC', [
        'Gwen',
      ])) as [any];
      expect({ name, attributes }).toEqual({ name: 'Gwen', attributes: { plan: 'gold' } });
      await page.evaluate("Parley('toggle')");
      expect(await page.evaluate('heard')).toEqual(['open', 'close']);
      await page.evaluate("Parley('shutdown')");
      await page.getByRole('button', { name: 'Chat öffnen' }).waitFor({ state: 'detached' });
      await page.reload();
      await page.evaluate("Parley('open')");
      await panel(page).getByRole('textbox', { name: 'Nachricht schreiben' }).waitFor();
      expect(await bubbles(panel(page))).toEqual([]);
      expect(errors).toEqual([]);
    });

    it('A96 stands in no site but those of the business, and its page tells a site nothing', async () => {
      const other = await buildBusiness(app.url, 'Other');
      const { page } = await visitSite(`<script async src="${proxy.url}/widget.js" data-business="${other.slug}"></script>
        <iframe src="${proxy.url}/widget/${other.slug}"></iframe><iframe src="${proxy.url}/chat/${shop.slug}"></iframe>`);
      await page.waitForTimeout(800);
      for (const frame of page.frames().slice(1)) expect(await frame.locator('#app').count()).toBe(0);
      const { headers } = await fetch(`${app.url}/widget/${shop.slug}`).then(({ headers: all }) => ({ headers: all }));
      expect(headers.get('content-security-policy')).toContain(
        `frame-ancestors 'self' http://127.0.0.1:${new URL(proxy.url).port} ${siteUrl}`,
      );
      expect((await fetch(`${app.url}/chat/${shop.slug}`)).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    });
  });

  it('keeps within its sizes', () => {
    const size = (path: string): number => gzipSync(readFileSync(join(PUBLIC, path)), { level: 9 }).length;
    const page = readFileSync(join(PUBLIC, 'widget/panel.html'), 'utf8');
    const parts = [...page.matchAll(/\/faces\/(assets\/[\w-]+\.(?:js|css))/g)].map(([, path = '']) => path);
    const loader = size('widget.js');
    const whole = parts.reduce((sum, path) => sum + size(path), 0);
    process.stdout.write(`loader ${loader} bytes, panel ${whole} bytes, compressed\n`);
    expect(loader).toBeLessThanOrEqual(3 * 1_024);
    expect(parts.length).toBeGreaterThan(1);
    expect(whole).toBeLessThanOrEqual(45 * 1_024);
  });
});
