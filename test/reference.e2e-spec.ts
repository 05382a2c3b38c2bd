import { readFileSync } from 'node:fs';
import { startApp, type TestApp } from './support/app.js';
import { raw } from './support/raw.js';

const PLACES: [path: string, type: string][] = [
  ['/docs', 'text/html; charset=utf-8'],
  ['/docs/events', 'text/html; charset=utf-8'],
  ['/docs/reference.css', 'text/css; charset=utf-8'],
  ['/docs/reference.js', 'text/javascript; charset=utf-8'],
  ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
  ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['/openapi.json', 'application/json; charset=utf-8'],
  ['/asyncapi.json', 'application/json; charset=utf-8'],
];
const written = (name: string): any => JSON.parse(readFileSync(`docs/${name}`, 'utf8'));

describe('the reference', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ PUBLIC_URL: 'https://chat.shop.example' });
  });
  afterAll(() => app.close());

  it.each(PLACES)('is at %s for everybody', async (path, type) => {
    const { status, headers, text } = await raw(app.url, 'GET', path);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, 'no-store']);
    expect(text.length).toBeGreaterThan(50);
    const head = await raw(app.url, 'HEAD', path);
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await raw(app.url, 'GET', path, { 'If-None-Match': '*', Range: 'bytes=0-3' })).status).toBe(200);
  });

  it('names this server in the documents, which are otherwise those of docs/', async () => {
    const [rest, sockets] = await Promise.all(
      ['/openapi.json', '/asyncapi.json'].map(async (path) => JSON.parse((await raw(app.url, 'GET', path)).text)),
    );
    expect(rest).toEqual({ ...written('openapi.json'), servers: [{ url: 'https://chat.shop.example', description: 'This server.' }] });
    const { servers, ...others } = written('asyncapi.json');
    expect(sockets).toEqual({ ...others, servers: { parley: { ...servers.parley, host: 'chat.shop.example', protocol: 'wss' } } });
  });

  it('loads nothing from elsewhere and runs nothing that is written into a page', async () => {
    for (const path of ['/docs', '/docs/events']) {
      const { text, headers } = await raw(app.url, 'GET', path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      const loaded = [...text.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
      expect(loaded.length).toBeGreaterThan(1);
      for (const address of loaded.filter((one) => one !== 'data:,')) {
        expect([address, PLACES.some(([known]) => known === address)]).toEqual([address, true]);
      }
      expect(text).not.toMatch(/<script>|<style| style="| on\w+="/);
    }
    expect((await raw(app.url, 'GET', '/docs/reference.js')).text).toContain('validatorUrl: null');
  });

  it('shows every command and event, with links that lead somewhere', async () => {
    const { text } = await raw(app.url, 'GET', '/docs/events');
    const { operations } = written('asyncapi.json');
    for (const name of Object.keys(operations).filter((one) => one !== 'connect')) expect(text).toContain(`">${name}</h3>`);
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...text.matchAll(/ href="#([^"]+)"/g)].map(([, id = '']) => id);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('documents every route that this server has, and no other', () => {
    const { router } = app.app.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    const routes = router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route?.path.replace(/:(\w+)/g, '{$1}')}`),
    );
    const documented = Object.entries<object>(written('openapi.json').paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(routes.sort());
  });

  it('is not there at all when it is off', async () => {
    const silent = await startApp({ DOCS: 'off' });
    try {
      for (const [path] of PLACES) {
        const { status, text } = await raw(silent.url, 'GET', path);
        expect([path, status, JSON.parse(text).code]).toEqual([path, 404, 'route.not_found']);
      }
    } finally {
      await silent.close();
    }
  });
});
