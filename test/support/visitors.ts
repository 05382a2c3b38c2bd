import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { memoryStore, Parley, type LiveRoom, type OwnUser } from '../../sdk/src/index.js';
import { startApp, type TestApp } from './app.js';
import { startBrowser, watch, type Watched } from './browser.js';
import { buildAgent, buildBusiness, until, type Person, type Tenant } from './factories.js';
import { startProxy, type Proxy } from './proxy.js';
import { rest } from './rest.js';
import { freePort } from './server-process.js';

/** As much of it as is used. */
interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** By these rules, or by all. What is in order is not told: it is much. */
const violationsIn = async (page: Page, rules?: string[]): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  return page.evaluate(async (how) => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run(how);
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, options);
};

/** What strangers write into every text and file name there is. */
export const HOSTILE = [
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

/** A server behind a proxy that can be shut, a business with an agent who uses the client, and a browser for its visitors. */
export class Visitors {
  app: TestApp;
  proxy: Proxy;
  shop: Tenant;
  person: Person;
  browser: Browser;
  agent: Parley;
  private settings: Record<string, string>;
  readonly contexts: BrowserContext[] = [];

  /** Puts up what the tests of a `describe` need, with what else the server is told. */
  constructor(private readonly prepare: () => Record<string, string> | Promise<Record<string, string>> = () => ({})) {
    beforeAll(() => this.start());
    afterEach(async () => {
      this.proxy.open();
      for (const context of this.contexts.splice(0)) await context.close();
    });
    afterAll(() => this.stop());
  }

  private async start(): Promise<void> {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    this.settings = { RATE_LIMIT_FACTOR: '100000', DOCS: 'on', CORS_ORIGIN: origin, PUBLIC_URL: origin, ...(await this.prepare()) };
    this.app = await startApp(this.settings);
    this.proxy = await startProxy(this.app.url, port);
    this.shop = await buildBusiness(this.app.url, 'Lantern & Loom');
    this.person = await buildAgent(this.app.url, this.shop);
    await this.openAgent();
    this.browser = await startBrowser();
  }

  /** Somebody who writes, without a page. */
  async guest(name = 'Gwen'): Promise<Parley> {
    const guest = await Parley.open({ url: this.app.url, store: memoryStore(), firstRetryMs: 20 });
    await guest.signInAsGuest({ business: this.shop.slug, name });
    guest.connect();
    return guest;
  }

  /** Past the proxy: what happens to a visitor's connection does not happen to the agent's. */
  private async openAgent(): Promise<void> {
    const { id, token, refreshToken } = this.person;
    this.agent = await Parley.open({ url: this.app.url, store: memoryStore(), firstRetryMs: 20 });
    await this.agent.enter({ accessToken: token, refreshToken, tokenType: 'Bearer', expiresIn: 900, user: { id } as OwnUser });
    this.agent.connect();
  }

  /** Another server takes over from this one, on the same database. The agent's rooms have to be opened again. */
  async restart(): Promise<void> {
    this.agent.close();
    this.proxy.shut();
    await this.app.close();
    this.app = await startApp(this.settings, this.app.databaseUrl);
    this.proxy.lead(this.app.url);
    await this.openAgent();
    this.proxy.open();
  }

  private async stop(): Promise<void> {
    this.agent.close();
    await this.browser.close();
    await this.proxy.close();
    await this.app.close();
  }

  readonly visit = async (path: string, options: BrowserContextOptions = {}): Promise<Watched> => {
    const viewport = { width: 390, height: 800 };
    // What fades would be looked at half faded.
    const context = await this.browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce', ...options });
    this.contexts.push(context);
    const watched = await watch(context);
    await watched.page.goto(path.startsWith('http') ? path : this.proxy.url + path);
    return watched;
  };

  readonly write = async (page: Page | FrameLocator, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
    await page.locator('.composer').getByRole('button', { name: 'Send', exact: true }).click();
  };

  readonly bubbles = (page: Page | FrameLocator): Promise<string[]> => page.locator('.bubble .text').allInnerTexts();

  readonly shows = (page: Page | FrameLocator, text: string): Promise<void> =>
    page.getByText(text, { exact: true }).first().waitFor({ timeout: 15_000 });

  readonly newestRoom = async (): Promise<string> => {
    const [room] = await until(
      () => this.app.sql<{ id: string }>('SELECT id FROM room WHERE business_id = $1 ORDER BY id DESC LIMIT 1', [this.shop.id]),
      (rooms) => rooms.length > 0,
    );
    return room?.id ?? '';
  };

  /** The room that a visitor has just begun, in the hands of an agent. */
  readonly joinAs = async (page: Page | FrameLocator, first: string): Promise<LiveRoom> => {
    const before = await this.app.sql('SELECT id FROM room');
    await this.write(page, first);
    await until(
      () => this.app.sql('SELECT id FROM room'),
      (rooms) => rooms.length > before.length,
    );
    const id = await this.newestRoom();
    await rest(this.app.url, 'POST', `/api/rooms/${id}/claim`, { token: this.person.token });
    const room = this.agent.room(id);
    await until(
      async () => Promise.resolve(room.snapshot),
      ({ isLive, entries }) => isLive && entries.public.length > 0,
    );
    return room;
  };

  /** What axe finds, in the light and in the dark. */
  readonly axe = async (page: Page): Promise<string[]> => {
    const inDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    const found = await violationsIn(page);
    await page.emulateMedia({ colorScheme: inDark ? 'light' : 'dark' });
    // Nothing but the colours is another: these are the rules that ask for them.
    found.push(...(await violationsIn(page, ['color-contrast', 'link-in-text-block'])));
    await page.emulateMedia({ colorScheme: inDark ? 'dark' : 'light' });
    return found;
  };
}
