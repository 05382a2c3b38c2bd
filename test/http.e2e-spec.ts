import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, newKey, type Person, type Tenant } from './support/factories.js';
import { raw } from './support/raw.js';
import { rest, type Answer } from './support/rest.js';

describe('HTTP', () => {
  let app: TestApp;
  let shop: Tenant;
  let guest: Person;

  const get = (path: string, token?: string, headers?: Record<string, string>): Promise<Answer> =>
    rest(app.url, 'GET', path, { token, headers });
  const failed = { status: 400, code: 'validation.failed' };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    guest = await buildGuest(app.url, shop);
  });
  afterAll(() => app.close());

  it('a refusal is one problem document, and its requestId is in the header', async () => {
    const { status, body, headers } = await get('/api/auth/me');
    expect(status).toBe(401);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toEqual({
      type: 'urn:parley:error:auth.required',
      title: 'A credential is required',
      status: 401,
      detail: 'A credential is required',
      code: 'auth.required',
      retryable: false,
      requestId: headers.get('x-request-id'),
    });
    const invalid = await rest(app.url, 'POST', '/api/auth/guest', { body: { business: shop.slug, role: 'admin' } });
    expect(Object.keys(invalid.body).sort()).toEqual(['code', 'detail', 'errors', 'requestId', 'retryable', 'status', 'title', 'type']);
    expect(invalid.body.errors).toEqual([{ path: 'role', message: 'is not a known field' }]);
    expect((await get('/api/auth/me', guest.token, { 'X-Request-Id': 'mine' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a good answer', 200, '/health'],
    ['a refused one', 401, '/api/auth/me'],
    ['one for no route', 404, '/nothing'],
  ])('A100 %s has the security headers and names no software', async (_, expected, path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(expected);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    for (const name of ['x-powered-by', 'server', 'set-cookie', 'access-control-allow-origin', 'strict-transport-security']) {
      expect([name, headers.get(name)]).toEqual([name, null]);
    }
  });

  it('HSTS is sent behind TLS', async () => {
    const secure = await startApp({ PUBLIC_URL: 'https://chat.example' });
    try {
      expect((await rest(secure.url, 'GET', '/health')).headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
    } finally {
      await secure.close();
    }
  });

  describe('order of checks', () => {
    it('no route is 404, before the credential', async () => {
      for (const path of ['/api/nothing', '/api', '/api/rooms/x/y/z', '/auth/me', '/api/auth']) {
        for (const token of [undefined, 'garbage', guest.token])
          expect((await get(path, token)).body).toMatchObject({ status: 404, code: 'route.not_found' });
      }
      expect((await rest(app.url, 'POST', '/api/nothing', { body: '{' })).body.code).toBe('route.not_found');
    });

    it('A102 a route without this method is 405 and names those it has', async () => {
      const expectAllow = async (method: string, path: string, allowed: string[]): Promise<void> => {
        const { status, text, headers } = await raw(app.url, method, path);
        expect([method, path, status]).toEqual([method, path, 405]);
        expect(JSON.parse(text)).toMatchObject({ code: 'method.not_allowed' });
        expect(String(headers.allow).split(', ').sort()).toEqual(allowed);
      };
      await expectAllow('GET', '/api/auth/login', ['POST']);
      await expectAllow('PUT', '/api/auth/me', ['DELETE', 'GET', 'HEAD', 'PATCH']);
      await expectAllow('GET', '/api/auth/logout', ['POST']);
      await expectAllow('POST', `/api/agents/${newKey()}`, ['DELETE', 'PATCH']);
      await expectAllow('TRACE', '/api/rooms', ['GET', 'HEAD', 'POST']);
      expect((await raw(app.url, 'HEAD', '/api/auth/login')).status).toBe(405);
    });

    it('401, then 403, then 400, then 404', async () => {
      const call = (path: string, token: string | undefined, body: unknown): Promise<Answer> =>
        rest(app.url, 'PATCH', path, { token, body });
      expect((await call('/api/agents/x', undefined, '{')).body.code).toBe('auth.required');
      expect((await call('/api/agents/x', guest.token, '{')).body.code).toBe('access.denied');
      expect((await call('/api/agents/x', shop.admin.token, {})).body.code).toBe('validation.failed');
      expect((await call(`/api/agents/${newKey()}`, shop.admin.token, { name: 7 })).body.code).toBe('validation.failed');
      expect((await call(`/api/agents/${newKey()}`, shop.admin.token, { name: 'x' })).body.code).toBe('user.not_found');
      expect((await call(`/api/agents/${shop.admin.id}`, shop.admin.token, { role: 'agent' })).body.code).toBe('agent.last_admin');
    });
  });

  describe('A33 tricks with the path', () => {
    const tricks = (path: string): string[] => {
      const last = path.split('/').at(-1) as string;
      const parent = path.slice(0, -last.length);
      return [
        path,
        `${path}/`,
        `${path}//`,
        `/${path}`,
        `${parent}/${last}`,
        `${path};x`,
        `${path};jsessionid=1`,
        `${parent.slice(0, -1)}%2f${last}`,
        `${parent}%2e/${last}`,
        `${parent}./${last}`,
        `${parent}x/../${last}`,
        `${parent}x/%2e%2e/${last}`,
        `/%61pi${path.slice(4)}`,
        path.toUpperCase(),
        `${path}%00`,
        `${path}%20`,
        `${path}.json`,
        `${path}?`,
        `${path}#x`,
        `${path}%23`,
        `${path}%`,
        `${path}%zz`,
        path.replaceAll('/', '\\'),
        `http://localhost${path}`,
        `/health/..${path}`,
        `/socket.io/..${path}`,
      ];
    };
    const disguises: Record<string, string>[] = [
      {},
      { 'X-HTTP-Method-Override': 'GET' },
      { 'X-Original-URL': '/health', 'X-Rewrite-URL': '/health' },
      { 'X-Forwarded-Prefix': '/health' },
    ];

    it.each(['/api/auth/me', '/api/agents', '/api/business', '/api/auth/sessions', '/api/presence', '/api/rooms'])('%s', async (path) => {
      for (const trick of tricks(path)) {
        for (const method of ['GET', 'HEAD']) {
          for (const headers of method === 'GET' ? disguises : [{}]) {
            const { status, text } = await raw(app.url, method, trick, headers);
            expect([trick, status]).toEqual([trick, status >= 400 && status < 500 ? status : 'a refusal']);
            expect([trick, text]).not.toEqual([trick, expect.stringMatching(shop.id)]);
          }
        }
      }
      expect((await raw(app.url, 'HEAD', path)).status).toBe(401);
      for (const trick of [path, `${path}/`, path.toUpperCase()]) {
        expect((await raw(app.url, 'GET', trick, { Authorization: `Bearer ${shop.admin.token}` })).status).toBe(200);
      }
    });

    it('A17 every route there is asks for a credential, but those that are open to all', async () => {
      const open = [
        'GET /',
        'GET /health',
        'GET /api/health',
        'GET /health/live',
        'GET /health/ready',
        'GET /metrics',
        'POST /api/businesses',
        'GET /api/businesses/:slug',
        'GET /api/businesses/:slug/hours',
        'POST /api/auth/register',
        'POST /api/auth/login',
        'POST /api/auth/guest',
        'POST /api/auth/resume',
        'POST /api/auth/refresh',
        'POST /api/auth/password/forgot',
        'POST /api/auth/password/reset',
        'GET /set-password',
        // By a signed address as well; without either they answer like what does not exist.
        'GET /api/uploads/:id',
        'GET /api/uploads/:id/thumbnail',
        'GET /docs',
        'GET /docs/events',
        'GET /docs/reference.css',
        'GET /docs/reference.js',
        'GET /docs/swagger-ui-bundle.js',
        'GET /docs/swagger-ui.css',
        'GET /openapi.json',
        'GET /asyncapi.json',
      ];
      const { stack } = app.app.getHttpAdapter().getInstance().router as {
        stack: { route?: { path: string; methods: Record<string, boolean> } }[];
      };
      const routes = stack.flatMap(({ route }) =>
        route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
      );
      const answers = await Promise.all(routes.map(({ method, path }) => raw(app.url, method, path.replace(/:\w+/g, newKey()))));
      const unguarded = routes.filter((_, i) => answers[i]?.status !== 401).map(({ method, path }) => `${method} ${path}`);
      expect(routes.length).toBeGreaterThan(30);
      expect(unguarded.sort()).toEqual(open.sort());
      // And none of them, the open ones included, overlooks a field.
      const staff = await Promise.all(
        routes.map(({ method, path }) => rest(app.url, method, `${path.replace(/:\w+/g, newKey())}?nope=1`, { token: shop.admin.token })),
      );
      const overlooked = routes.filter((_, i) => !['validation.failed', 'access.denied'].includes(staff[i]?.body?.code));
      expect(overlooked).toEqual([]);
      expect(staff.filter(({ body }) => body.code === 'access.denied').length).toBeLessThan(5);
    });
  });

  describe('A43 A48 query strings', () => {
    it.each([
      '?nope=1',
      '?limit=1&limit=2',
      '?limit=0',
      '?limit=-1',
      '?limit=201',
      '?limit=1e9',
      '?limit=1e309',
      '?limit=0x10',
      '?limit=',
      '?limit= 5',
      '?limit=5.0',
      '?limit=NaN',
      '?limit[]=5',
      '?limit[$gt]=0',
      '?__proto__=1',
      '?__proto__[limit]=5',
      '?constructor=1',
      '?cursor=a&cursor=b',
      '?cursor=%00',
      '?cursor=',
      `?cursor=${'x'.repeat(501)}`,
    ])('%s is refused', async (query) => {
      for (const path of ['/api/auth/sessions', '/api/agents', '/api/rooms']) {
        expect([path, (await get(path + query, shop.admin.token)).body]).toMatchObject([path, failed]);
      }
      expect(({} as Record<string, unknown>).limit).toBeUndefined();
    });

    it('a limit in range is taken', async () => {
      for (const limit of ['1', '50', '200', '007']) expect((await get(`/api/agents?limit=${limit}`, shop.admin.token)).status).toBe(200);
    });
  });

  describe('A21 A81 pages of foreign origins', () => {
    const origins = ['https://evil.example', 'null', 'http://localhost.evil.example', 'http://localhost:1', 'file://', ''];

    it.each(['POST /api/auth/refresh', 'POST /api/auth/logout', 'GET /api/auth/me', 'GET /health', 'GET /nothing'])('%s', async (route) => {
      const [method, path] = route.split(' ') as [string, string];
      for (const Origin of origins) {
        const { status, text, headers } = await raw(app.url, method, path, { Origin, Authorization: `Bearer ${guest.token}` });
        expect([Origin, status]).toEqual([Origin, 403]);
        expect(JSON.parse(text)).toMatchObject({ code: 'origin.denied', requestId: headers['x-request-id'] });
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        const preflight = { Origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': 'authorization' };
        const asked = await raw(app.url, 'OPTIONS', path, preflight);
        expect(asked.status).toBe(403);
        expect(Object.keys(asked.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
      expect((await get('/api/auth/me', guest.token)).status).toBe(200);
    });

    it('the own one may, without cookies', async () => {
      const headers = {
        Origin: 'http://localhost:0',
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'authorization,content-type',
      };
      const preflight = await raw(app.url, 'OPTIONS', '/api/auth/me', headers);
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': 'http://localhost:0',
        vary: expect.stringContaining('Origin'),
      });
      expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
      expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');
      const answer = await get('/api/auth/me', guest.token, { Origin: 'http://localhost:0' });
      expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:0');
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'X-Request-Id,Retry-After,X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,Content-Disposition,Content-Range',
      );
    });
  });
});
