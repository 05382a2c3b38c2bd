import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildGuest, type Person } from './support/factories.js';
import { rest } from './support/rest.js';

interface Route {
  method: string;
  path: string;
}

/** Routes that nobody needs a credential for. */
const OPEN = [
  'GET /',
  'GET /health',
  'GET /api/health',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /api/businesses/:slug',
  'GET /api/businesses/:slug/hours',
  'POST /api/businesses',
  'POST /api/auth/register',
  'POST /api/auth/login',
  'POST /api/auth/guest',
  'POST /api/auth/resume',
  'POST /api/auth/refresh',
  'POST /api/auth/password/forgot',
  'POST /api/auth/password/reset',
  // Or by a signed address; without either they answer like what does not exist.
  'GET /api/uploads/:id',
  'GET /api/uploads/:id/thumbnail',
  'GET /set-password',
  'GET /docs',
  'GET /docs/events',
  'GET /docs/swagger-ui.css',
  'GET /docs/reference.css',
  'GET /docs/swagger-ui-bundle.js',
  'GET /docs/reference.js',
  'GET /openapi.json',
  'GET /asyncapi.json',
];
const ID = '01900000-0000-7000-8000-000000000000';

describe('every route', () => {
  let app: TestApp;
  let routes: Route[];
  let callers: Person[];

  beforeAll(async () => {
    app = await startApp();
    const shop = await buildBusiness(app.url);
    callers = [shop.admin, await buildGuest(app.url, shop)];
    const { router } = app.app.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    routes = router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => ({ method: method.toUpperCase(), path: route?.path ?? '' })),
    );
  });
  afterAll(() => app.close());

  const name = ({ method, path }: Route): string => `${method} ${path}`;
  const filled = (path: string, id = ID): string => path.replace(/:\w+/g, id);
  const call = (route: Route, path: string, token?: string, body?: unknown): Promise<{ status: number; body: any }> =>
    rest(app.url, route.method, path, { token, body });

  it('is known', () => {
    expect(routes.length).toBeGreaterThan(35);
    expect(routes.map(name)).toEqual(expect.arrayContaining(OPEN));
  });

  it('A33 asks for a credential, before anything else, unless it is open to all', async () => {
    for (const route of routes.filter((one) => !OPEN.includes(name(one)))) {
      for (const path of [filled(route.path), filled(route.path, 'x'), `${filled(route.path)}?nonsense=1`]) {
        const { status, body } = await call(route, path, undefined, route.method === 'GET' ? undefined : '{broken');
        expect([name(route), status, body.code]).toEqual([name(route), 401, 'auth.required']);
      }
    }
  });

  it('T7 A24 A43 refuses bodies that are no object, unknown fields, unknown queries and ids that are none', async () => {
    for (const { token } of callers) {
      for (const route of routes) {
        const wrong: [string, unknown][] = [[`${filled(route.path)}?nonsense=1`, undefined]];
        if (route.path.includes(':') && !route.path.includes(':slug')) wrong.push([filled(route.path, 'not-an-id'), undefined]);
        if (route.method !== 'GET')
          wrong.push(
            ...['[]', '[{}]', 'null', '"x"', '7', '{"nonsense":1}', '{"__proto__":{"a":1}}'].map((body): [string, string] => [
              filled(route.path),
              body,
            ]),
          );
        for (const [path, body] of wrong) {
          const answer = await call(route, path, token, body);
          // Who may never do this is told so, whatever was sent.
          // A form is refused as what it is not, before anything is read of it.
          const isNoForm = name(route) === 'POST /api/uploads' && body !== undefined;
          const expected =
            answer.status === 403 ? [403, 'access.denied'] : isNoForm ? [415, 'media.unsupported'] : [400, 'validation.failed'];
          expect([name(route), path, body, answer.status, answer.body?.code]).toEqual([name(route), path, body, ...expected]);
        }
      }
    }
  });

  it('is the only thing there is: all else is a problem document too', async () => {
    for (const path of [
      '/nothing',
      '/api',
      '/api/nothing',
      '/favicon.ico',
      '/api/rooms/x/y/z',
      '/socket.io.html',
      '/API/ROOMS/X/Y',
      '/..%2fetc',
    ]) {
      const { status, body, headers } = await rest(app.url, 'GET', path, { token: callers[0]?.token });
      expect([path, status, body.code, headers.get('content-type')]).toEqual([
        path,
        404,
        'route.not_found',
        'application/problem+json; charset=utf-8',
      ]);
    }
    const broken = await rest(app.url, 'GET', '/api/rooms/%E0%A4%A', { token: callers[0]?.token });
    expect([broken.status, broken.body.code]).toEqual([400, 'validation.failed']);
  });

  it('A102 a path without an id takes no other method, also where an id could stand, and says which it takes', async () => {
    const paths = [...new Set(routes.map(({ path }) => path).filter((path) => !path.includes(':')))];
    for (const path of [...paths, `/api/rooms/${ID}/messages/search`, '/API/Rooms/Unread/']) {
      const taken = routes.filter((one) => filled(one.path) === path.toLowerCase().replace(/(?<=.)\/$/, '')).map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !taken.includes(one))) {
        for (const token of [undefined, callers[0]?.token]) {
          const { status, body, headers } = await rest(app.url, method, path, { token });
          expect([method, path, status, body.code]).toEqual([method, path, 405, 'method.not_allowed']);
          const allowed = taken.includes('GET') ? [...taken, 'HEAD'] : taken;
          expect([path, headers.get('allow')?.split(', ').sort()]).toEqual([path, allowed.sort()]);
        }
      }
    }
  });
});
