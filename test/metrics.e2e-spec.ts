import { HealthService } from '../src/health/health.service.js';
import { METRICS } from '../src/metrics/catalogue.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, buildTalk, newKey, say, type Tenant } from './support/factories.js';
import { raw } from './support/raw.js';
import { rest } from './support/rest.js';
import { closeSockets } from './support/socket.js';

const TOKEN = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

const scrape = async (url: string, credential?: string): Promise<{ status: number; type: string | null; text: string }> => {
  const headers = credential === undefined ? undefined : { Authorization: credential };
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

/** The value of one line of the page. */
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

describe('what a server tells of itself', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  describe('GET /metrics', () => {
    const figure = async (series: string): Promise<number | undefined> => valueOf((await scrape(app.url)).text, series);

    it('has every figure of the catalogue, with its kind, and those of the process', async () => {
      await app.sql("INSERT INTO chore VALUES ('none', now())");
      const { status, type, text } = await scrape(app.url);
      expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
      for (const [name, { type: kind, help }] of Object.entries(METRICS)) {
        expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
      }
      expect(text).toMatch(/^process_cpu_seconds_total \d/m);
      expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
      expect(text.match(/^# TYPE parley_\w+/gm)).toHaveLength(Object.keys(METRICS).length);
    });

    it('counts messages by what became of them, and the batches that stored them', async () => {
      const { guestSocket, roomId } = await buildTalk(app.url, shop);
      const before = (await scrape(app.url)).text;
      const clientMessageId = newKey();
      await guestSocket.call('message.send', { roomId, clientMessageId, body: 'Hello' });
      await guestSocket.call('message.send', { roomId, clientMessageId, body: 'Hello' });
      await guestSocket.refused('message.send', { roomId, clientMessageId, body: 'Other words' });
      const after = (await scrape(app.url)).text;
      const grown = (series: string): number => (valueOf(after, series) ?? 0) - (valueOf(before, series) ?? 0);
      expect(['stored', 'repeated', 'refused'].map((outcome) => grown(`parley_sends_total{outcome="${outcome}"}`))).toEqual([1, 1, 1]);
      expect(grown('parley_writer_batch_messages_count')).toBe(3);
      expect(grown('parley_writer_batch_messages_sum')).toBe(3);
      expect(grown('parley_writer_commit_seconds_bucket{le="+Inf"}')).toBe(3);
      expect(grown('parley_writer_commit_seconds_sum')).toBeGreaterThan(0);
      expect(valueOf(after, 'parley_writer_waiting_messages')).toBe(0);
      expect(valueOf(after, 'parley_pump_rooms')).toBe(1);
    });

    it('counts sockets by role, and rooms that wait', async () => {
      await buildTalk(app.url, shop);
      await buildRoom(app.url, shop);
      expect(await figure('parley_sockets{role="guest"}')).toBe(1);
      expect(await figure('parley_sockets{role="agent"}')).toBe(1);
      expect(await figure('parley_sockets{role="admin"}')).toBe(0);
      expect(await figure('parley_database_connections{state="total"}')).toBeGreaterThan(0);
      const fresh = await startApp({}, app.databaseUrl);
      const [waiting] = await app.sql<{ n: number }>(
        "SELECT count(*)::integer AS n FROM room WHERE status = 'open' AND assignee_id IS NULL",
      );
      expect(valueOf((await scrape(fresh.url)).text, 'parley_queue_rooms')).toBe(waiting?.n);
      await fresh.close();
    });

    it('A100 counts answers by pattern, so that no path, id or name of anybody is in it', async () => {
      const { room, guest } = await buildRoom(app.url, shop);
      await say(app.url, guest, room.id, 'A secret word');
      await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: guest.token });
      for (const path of ['/api/rooms/made-up-path', '/made-up-path', '/api/made-up-path/7', `/api/nothing/${room.id}`])
        await fetch(app.url + path);
      await raw(app.url, 'PROPFIND', '/made-up-path');
      const { text } = await scrape(app.url);
      expect(valueOf(text, 'parley_http_requests_total{method="GET",route="/api/rooms/:roomId",status="2xx"}')).toBeGreaterThan(0);
      expect(valueOf(text, 'parley_http_requests_total{method="any",route="none",status="4xx"}')).toBeGreaterThan(2);
      for (const part of [room.id, guest.id, shop.id, shop.slug, 'Gwen', 'made-up-path', 'secret word', 'PROPFIND', '@'])
        expect(text).not.toContain(part);
    });

    it('A100 is not there in production without a token, and asks for the one that is set', async () => {
      const production = { NODE_ENV: 'production', BCRYPT_COST: '10', PUBLIC_URL: 'https://chat.example' };
      const closed = await startApp(production, app.databaseUrl);
      const unknown = await scrape(closed.url);
      expect([unknown.status, (JSON.parse(unknown.text) as { code: string }).code]).toEqual([404, 'route.not_found']);
      await closed.close();
      const guarded = await startApp({ ...production, METRICS_TOKEN: TOKEN }, app.databaseUrl);
      const codeOf = async (credential?: string): Promise<string> =>
        (JSON.parse((await scrape(guarded.url, credential)).text) as { code: string }).code;
      expect(await codeOf()).toBe('auth.required');
      for (const wrong of [TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer', `Bearer ${shop.admin.token}`])
        expect([wrong, await codeOf(wrong)]).toEqual([wrong, 'auth.invalid_credentials']);
      expect((await scrape(guarded.url, `Bearer ${TOKEN}`)).status).toBe(200);
      expect(guarded.log.join('')).not.toContain(TOKEN);
      await guarded.close();
    });
  });

  describe('J1 GET /', () => {
    const ask = async (url: string, accept?: string, method = 'GET'): Promise<[string | null, string, Headers]> => {
      const response = await fetch(url, { method, headers: accept === undefined ? {} : { Accept: accept } });
      expect(response.status).toBe(200);
      return [response.headers.get('content-type'), await response.text(), response.headers];
    };
    const HTML = 'text/html; charset=utf-8';
    const JSON_TYPE = 'application/json; charset=utf-8';

    it.each([
      ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', HTML],
      ['text/html', HTML],
      ['application/json;q=0.5, text/html;q=0.6', HTML],
      ['application/json;q=0.7, text/html;q=0.6', JSON_TYPE],
      ['application/json', JSON_TYPE],
      ['*/*', JSON_TYPE],
      ['image/png', JSON_TYPE],
      ['text/html;q=0, */*', JSON_TYPE],
      ['nonsense;;q=x', JSON_TYPE],
    ])('answers a client that accepts %s with %s', async (accept, expected) => {
      const [type, , headers] = await ask(app.url, accept);
      expect([type, headers.get('vary')]).toEqual([expected, expect.stringContaining('Accept')]);
    });

    it('is a page that runs nothing, loads nothing and leads only to what is there', async () => {
      const [, page, headers] = await ask(app.url, 'text/html');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+='; img-src data:; base-uri 'none'/);
      expect(policy).not.toMatch(/unsafe|script-src/);
      expect(page).not.toMatch(/<script| style="|https?:/);
      expect(page).toContain('prefers-color-scheme: dark');
      const links = [...page.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path as string);
      expect(links).toEqual(['/console', '/demo', '/docs', '/docs/events', '/health']);
      for (const path of links) expect([path, (await fetch(app.url + path)).status]).toEqual([path, 200]);
      const [type, body] = await ask(app.url, 'text/html', 'HEAD');
      expect([type, body]).toEqual([HTML, '']);
    });

    it('names no reference where there is none', async () => {
      const plain = await startApp({ DOCS: 'off' }, app.databaseUrl);
      const [, page] = await ask(plain.url, 'text/html');
      expect([...page.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path)).toEqual(['/console', '/health']);
      await plain.close();
    });
  });

  describe('J1 health', () => {
    it.each(['/health', '/api/health'])('%s names what was looked at, and nothing else', async (path) => {
      const { status, body } = await rest(app.url, 'GET', path);
      expect([status, body]).toEqual([
        200,
        {
          status: 'ok',
          timestamp: expect.stringMatching(/Z$/),
          uptime: expect.any(Number),
          version: '0.1.0',
          checks: { database: 'ok', disk: 'ok', mail: 'ok', delivery: 'ok' },
        },
      ]);
    });

    it('is degraded when a mail has waited for long, and well again when it is gone', async () => {
      await app.sql(
        `INSERT INTO mail (id, user_id, recipient, subject, until, due_at, created_at)
           VALUES (gen_random_uuid(), gen_random_uuid(), 'a@b.example', 'x', now() + interval '1 day', now() + interval '1 hour', now() - interval '16 minutes')`,
      );
      const ill = (await rest(app.url, 'GET', '/health')).body;
      expect([ill.status, ill.checks.mail, ill.checks.database]).toEqual(['degraded', 'unavailable', 'ok']);
      await app.sql('DELETE FROM mail');
      expect((await rest(app.url, 'GET', '/health')).body.status).toBe('ok');
    });

    it('A100 answers within its time, and without a detail, when the database hangs', async () => {
      const held = await startApp({ DATABASE_POOL: '2' }, app.databaseUrl);
      await held.app.get(HealthService).health();
      held.app.get(HealthService).add('database', () => new Promise(() => undefined));
      held.app.get(HealthService).add('disk', () => Promise.reject(new Error('secret detail')));
      const began = Date.now();
      const all = await Promise.all([
        rest(held.url, 'GET', '/health'),
        rest(held.url, 'GET', '/health/live'),
        rest(held.url, 'GET', '/health/ready'),
      ]);
      expect(Date.now() - began).toBeLessThan(5_000);
      expect(all.map(({ status }) => status)).toEqual([200, 200, 503]);
      expect(all[0].body.checks).toEqual({ database: 'unavailable', disk: 'unavailable', mail: 'ok', delivery: 'ok' });
      expect(JSON.stringify(all)).not.toContain('secret detail');
      await held.close();
    });
  });
});
