import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FrameLocator, Page } from 'playwright-core';
import { describeInBrowser, type Watched } from '../support/browser.js';
import { buildBusiness, setUp, until } from '../support/factories.js';
import { rest } from '../support/rest.js';
import { Visitors } from '../support/visitors.js';

const PUBLIC = join(__dirname, '../../dist/public');

describeInBrowser('the widget in a browser', () => {
  const world = new Visitors();
  const { visit, bubbles, shows, joinAs } = world;
  let site: Server;
  let siteUrl: string;
  /** The same for browsers that keep nothing for frames of other sites: this one does so by default. */
  let farUrl: string;
  let html = '';

  const tag = (): string => `<script async src="${world.proxy.url}/widget.js" data-business="${world.shop.slug}"></script>`;
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
        `default-src 'none'; script-src ${world.proxy.url} 'nonce-own'; connect-src ${world.proxy.url}; frame-src ${world.proxy.url}; require-trusted-types-for 'script'`,
      );
      response.end(`<!doctype html><html lang="en"><title>Site</title><body><main><h1>Site</h1><input id="own"></main>${html}`);
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    const { port } = site.address() as AddressInfo;
    [siteUrl, farUrl] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    await setUp(world.app.url, world.shop, { allowedOrigins: [siteUrl, farUrl] });
  });
  afterAll(() => new Promise((done) => site.close(done)));

  it('asks for the public profile only, and keeps nothing, until somebody clicks; under a strict policy of the site', async () => {
    const { page, errors, requests } = await visitSite(tag(), farUrl);
    const launcher = page.getByRole('button', { name: 'Open the chat' });
    await launcher.waitFor();
    await page.waitForTimeout(500);
    expect(requests.filter((address) => address.startsWith(world.proxy.url))).toEqual([
      `${world.proxy.url}/widget.js`,
      `${world.proxy.url}/api/businesses/${world.shop.slug}`,
    ]);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    expect(await page.locator('iframe').count()).toBe(0);
    await launcher.click();
    const room = await joinAs(panel(page), 'Hello from a site');
    await room.send({ body: 'Hello back' });
    await shows(panel(page), 'Hello back');
    const { context } = (await rest(world.app.url, 'GET', `/api/rooms/${room.id}`, { token: world.person.token })).body;
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
      Parley('boot', { business: '${world.shop.slug}', locale: 'de', color: '#ffe08a', position: 'left', name: 'Gwen' });
    </script><script async src="${world.proxy.url}/widget.js"></script>`);
    await page.getByRole('button', { name: 'Chat öffnen' }).waitFor();
    await page.evaluate("Parley('setAttributes', { plan: 'gold' }); Parley('open')");
    await panel(page).getByRole('textbox', { name: 'Nachricht schreiben' }).fill('Hallo');
    await panel(page).getByRole('button', { name: 'Senden', exact: true }).click();
    await panel(page).locator('.mark').waitFor();
    const [{ name, attributes }] = (await world.app.sql<any>('SELECT name, attributes FROM "user" WHERE name = $1 ORDER BY id DESC', [
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

  it('says in the title of the page what is unread, puts words into the box, and hides its button', async () => {
    const { page, errors } = await visitSite(
      `<script async src="${world.proxy.url}/widget.js" data-business="${world.shop.slug}" data-offset="48" data-z-index="7"></script>`,
    );
    const launcher = page.getByRole('button', { name: 'Open the chat' });
    await launcher.click();
    expect(await launcher.evaluate((at) => [getComputedStyle(at).bottom, getComputedStyle(at).zIndex])).toEqual(['48px', '7']);
    const room = await joinAs(panel(page), 'Hello');
    await page.evaluate("Parley('close')");
    await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }));
    await room.send({ body: 'Anybody there?' });
    await page.waitForFunction(() => document.title === '(1) Site');
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(await page.title()).toBe('Site');
    await page.evaluate("Parley('newMessage', 'I have a question about ')");
    const box = panel(page).getByRole('textbox', { name: 'Write a message' });
    await until(
      () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName),
      (tag) => tag === 'IFRAME',
    );
    expect(await box.inputValue()).toBe('I have a question about ');
    await page.evaluate("Parley('close'); Parley('hideLauncher')");
    await launcher.waitFor({ state: 'hidden' });
    await page.evaluate("Parley('showLauncher')");
    await launcher.waitFor();
    expect(errors).toEqual([]);
  });

  it('N58 goes on in a window of its own', async () => {
    const { page } = await visitSite(tag());
    await page.getByRole('button', { name: 'Open the chat' }).click();
    const room = await joinAs(panel(page), 'Hello from the corner');
    await panel(page).locator('summary').click();
    const opening = page.context().waitForEvent('page');
    await panel(page).getByRole('button', { name: 'Open in a window' }).click();
    const window = await opening;
    await shows(window, 'Hello from the corner');
    await page.locator('iframe').waitFor({ state: 'hidden' });
    await room.send({ body: 'Here, too' });
    await shows(window, 'Here, too');
  });

  it('is there, open and heard in little time', async () => {
    const times: Record<'button' | 'box' | 'stored', number[]> = { button: [], box: [], stored: [] };
    for (let round = 0; round < 5; round++) {
      const asked = performance.now();
      const { page } = await visitSite(tag());
      const launcher = page.getByRole('button', { name: 'Open the chat' });
      await launcher.waitFor();
      const there = performance.now();
      await launcher.click();
      const box = panel(page).getByRole('textbox', { name: 'Write a message' });
      await box.waitFor();
      const open = performance.now();
      await box.fill('Hello');
      const written = performance.now();
      await box.press('Enter');
      await panel(page).locator('.mark').waitFor();
      times.button.push(there - asked);
      times.box.push(open - there);
      times.stored.push(performance.now() - written);
    }
    const medians = Object.entries(times).map(([name, all]) => `${name} ${Math.round(all.sort((a, b) => a - b)[2] as number)} ms`);
    process.stdout.write(`${medians.join(', ')}\n`);
    // A machine may be slow; nothing takes as long as a person waits for.
    for (const all of Object.values(times)) expect(all[2]).toBeLessThan(5_000);
  });

  it('A96 stands in no site but those of the business, and its page tells a site nothing', async () => {
    const other = await buildBusiness(world.app.url, 'Other');
    const { page } = await visitSite(`<script async src="${world.proxy.url}/widget.js" data-business="${other.slug}"></script>
      <iframe src="${world.proxy.url}/widget/${other.slug}"></iframe><iframe src="${world.proxy.url}/chat/${world.shop.slug}"></iframe>`);
    await page.waitForTimeout(800);
    for (const frame of page.frames().slice(1)) expect(await frame.locator('#app').count()).toBe(0);
    const { headers } = await fetch(`${world.app.url}/widget/${world.shop.slug}`).then(({ headers: all }) => ({ headers: all }));
    expect(headers.get('content-security-policy')).toContain(
      `frame-ancestors 'self' http://127.0.0.1:${new URL(world.proxy.url).port} ${siteUrl}`,
    );
    expect((await fetch(`${world.app.url}/chat/${world.shop.slug}`)).headers.get('content-security-policy')).toContain(
      "frame-ancestors 'none'",
    );
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
