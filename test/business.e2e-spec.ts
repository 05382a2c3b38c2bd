import { DEFAULT_SETTINGS } from '../src/business/business-settings.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildCustomer, buildGuest, newKey, PASSWORD, secretsIn, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';

const SITE = 'https://shop.example';
const HOURS = { timeZone: 'Europe/Berlin', weekly: [{ day: 1, from: '09:00', to: '18:00' }], holidays: ['2026-12-25'] };
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('businesses', () => {
  let app: TestApp;
  let shop: Tenant;

  const signUp = (url: string, body: object = {}, headers?: Record<string, string>): Promise<Answer> => {
    const admin = { name: 'Ada', email: `ada-${newKey()}@shop.example`, password: PASSWORD };
    return rest(url, 'POST', '/api/businesses', { body: { name: 'Flowers & More', admin, ...body }, headers });
  };
  const patch = (body: unknown, token = shop.admin.token): Promise<Answer> => rest(app.url, 'PATCH', '/api/business', { token, body });
  const get = (token = shop.admin.token): Promise<Answer> => rest(app.url, 'GET', '/api/business', { token });

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  describe('sign-up', () => {
    it('P15 nobody founds a business under the id of another', async () => {
      expect((await signUp(app.url, { slug: shop.id })).body.code).toBe('validation.failed');
      const named = await signUp(app.url, { name: shop.id });
      expect([named.status, named.body.business.slug === shop.id]).toEqual([201, false]);
      const { body } = await rest(app.url, 'POST', '/api/auth/guest', { body: { business: shop.id } });
      expect((await rest(app.url, 'GET', '/api/auth/me', { token: body.accessToken })).body.businessId).toBe(shop.id);
    });

    it('founds a business with its first admin, who is let in', async () => {
      const slug = `s-${newKey().slice(0, 8)}`;
      const { status, body } = await signUp(app.url, { slug });
      expect(status).toBe(201);
      expect(body).toEqual({
        business: {
          id: expect.any(String),
          slug,
          name: 'Flowers & More',
          theme: { color: null, logoUrl: null },
          welcomeText: null,
          locale: 'en',
          availability: { open: true, agentsOnline: 0, nextOpenAt: null },
          preChat: null,
          settings: DEFAULT_SETTINGS,
        },
        user: {
          id: expect.any(String),
          role: 'admin',
          name: 'Ada',
          avatarUrl: null,
          email: expect.stringMatching(/^ada-/),
          username: null,
          externalId: null,
          attributes: {},
          verified: false,
          presence: 'offline',
          lastSeenAt: null,
          createdAt: expect.stringMatching(ISO),
          capacity: null,
          load: 0,
          teamIds: [],
          disabled: false,
        },
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        expiresIn: 900,
      });
      const me = await rest(app.url, 'GET', '/api/auth/me', { token: body.accessToken });
      expect(me.body).toEqual({ ...body.user, businessId: body.business.id, secondFactor: false });
      expect((await get(body.accessToken)).body).toEqual(body.business);
    });

    it('a slug is given once, also to many who ask at the same time; one made from the name gives way', async () => {
      const slug = `s-${newKey().slice(0, 8)}`;
      const answers = await Promise.all(Array.from({ length: 6 }, () => signUp(app.url, { slug })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe('business.slug_taken');
      const name = `Caf\u00e9 ${newKey().slice(0, 8)}`;
      const made = await Promise.all(Array.from({ length: 4 }, () => signUp(app.url, { name })));
      expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const slugs = made.map(({ body }) => body.business.slug as string);
      expect(new Set(slugs).size).toBe(4);
      for (const one of slugs) expect(one).toMatch(/^cafe-[0-9a-f]{8}(-[0-9a-f]{8})?$/);
      expect((await signUp(app.url, { name: '\u5e97\u94fa' })).body.business.slug).toMatch(/^[0-9a-f]{8}$/);
    });

    it('nothing is left of one that is refused', async () => {
      const [before] = await app.sql('SELECT (SELECT count(*) FROM business) b, (SELECT count(*) FROM "user") u');
      const admin = { name: 'Ada', email: 'ada@shop.example', password: PASSWORD };
      for (const body of [
        { slug: 'Not A Slug' },
        { slug: '-a' },
        { slug: 'a'.repeat(64) },
        { name: ' ' },
        { admin: { ...admin, password: 'short' } },
        { admin: { ...admin, role: 'admin' } },
        { admin: { ...admin, email: 'nobody' } },
        { admin: [admin] },
        { admin: null },
        { plan: 'gold' },
      ]) {
        expect((await signUp(app.url, body)).status).toBe(400);
      }
      expect(await app.sql('SELECT (SELECT count(*) FROM business) b, (SELECT count(*) FROM "user") u')).toEqual([before]);
    });

    it('SIGNUP=closed refuses everybody', async () => {
      const closed = await startApp({ SIGNUP: 'closed' });
      try {
        expect((await signUp(closed.url)).body).toMatchObject({ status: 403, code: 'access.denied' });
        expect(await closed.sql('SELECT 1 FROM business')).toEqual([]);
      } finally {
        await closed.close();
      }
    });
  });

  describe('profile and settings', () => {
    it('everybody sees the public profile, and nothing of the settings', async () => {
      const { status, body } = await rest(app.url, 'GET', `/api/businesses/${shop.slug}`);
      expect(status).toBe(200);
      const { settings, ...profile } = (await get()).body;
      expect(settings).toEqual(DEFAULT_SETTINGS);
      expect(body).toEqual(profile);
      expect((await rest(app.url, 'GET', '/api/businesses/nobody')).body).toMatchObject({ status: 404, code: 'business.not_found' });
    });

    it('an admin changes it key by key', async () => {
      const own = await buildBusiness(app.url);
      const change = (body: unknown): Promise<Answer> => patch(body, own.admin.token);
      const before = (await get(own.admin.token)).body;
      await change({ settings: { multipleRooms: true } });
      await change({ settings: { editWindowSeconds: 60 }, theme: { color: '#1a2b3c' } });
      const { status, body } = await change({ name: 'Other', welcomeText: 'Hi', preChat: { required: ['email'] }, settings: {} });
      expect(status).toBe(200);
      expect(body).toEqual({
        ...before,
        name: 'Other',
        welcomeText: 'Hi',
        theme: { color: '#1a2b3c', logoUrl: null },
        preChat: { required: ['email'], consentText: null },
        settings: { ...DEFAULT_SETTINGS, multipleRooms: true, editWindowSeconds: 60 },
      });
      expect((await get(own.admin.token)).body).toEqual(body);
      const cleared = await change({ welcomeText: null, preChat: null, theme: { color: null } });
      expect(cleared.body).toEqual({ ...body, welcomeText: null, preChat: null, theme: { color: null, logoUrl: null } });
    });

    it('N13 hours say to everybody whether it is open, and when it opens next; null is always', async () => {
      const own = await buildBusiness(app.url);
      const set = async (hours: unknown): Promise<unknown> => {
        const { body } = await patch({ settings: { hours } }, own.admin.token);
        expect(body.settings.hours).toEqual(hours);
        const { body: profile } = await rest(app.url, 'GET', `/api/businesses/${own.slug}`);
        expect(profile.availability).toEqual(body.availability);
        expect((await rest(app.url, 'GET', `/api/businesses/${own.slug}/hours`)).body).toEqual({ hours });
        return profile.availability;
      };
      const open = { open: true, agentsOnline: 0, nextOpenAt: null };
      const timeZone = 'Asia/Kolkata';
      const always = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }));
      expect(await set({ timeZone, weekly: always, holidays: [] })).toEqual(open);
      expect(await set({ timeZone, weekly: [], holidays: [] })).toEqual({ ...open, open: false });
      // Closed for today, tomorrow and, should midnight come, the day after, wherever the server is.
      const dates = [-1, 0, 1, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
      expect(await set({ timeZone, weekly: always, holidays: dates })).toEqual({
        open: false,
        agentsOnline: 0,
        nextOpenAt: `${dates[3]}T18:30:00.000Z`,
      });
      expect(await set(null)).toEqual(open);
      expect((await rest(app.url, 'GET', '/api/businesses/nobody/hours')).body.code).toBe('business.not_found');
    });

    it('changes of different keys at the same time are all kept', async () => {
      const own = await buildBusiness(app.url);
      const keys = [
        { multipleRooms: true },
        { editWindowSeconds: 5 },
        { allowedOrigins: [SITE, 'https://[::1]:3000', 'http://my_shop:8080'] },
      ];
      await Promise.all(keys.map((settings) => patch({ settings }, own.admin.token)));
      expect((await get(own.admin.token)).body.settings).toEqual({
        ...DEFAULT_SETTINGS,
        multipleRooms: true,
        editWindowSeconds: 5,
        allowedOrigins: [SITE, 'https://[::1]:3000', 'http://my_shop:8080'],
      });
    });

    it.each([
      ['plan', { plan: 'gold' }],
      ['id', { id: newKey() }],
      ['slug', { slug: 'other' }],
      ['settings.secret', { settings: { secret: true } }],
      ['settings.multipleRooms', { settings: { multipleRooms: 'true' } }],
      ['settings.editWindowSeconds', { settings: { editWindowSeconds: -1 } }],
      ['settings.editWindowSeconds', { settings: { editWindowSeconds: 1.5 } }],
      ['settings.secondFactorRequired', { settings: { secondFactorRequired: 'yes' } }],
      ['settings.identityRequired', { settings: { identityRequired: 'yes' } }],
      ['settings.identitySecret', { settings: { identitySecret: 'x' } }],
      ['settings.allowedOrigins', { settings: { allowedOrigins: ['*'] } }],
      ...['https://a.example:443', 'http://A.example', 'https://a.example:99999'].map((origin): [string, object] => [
        'settings.allowedOrigins',
        { settings: { allowedOrigins: [origin] } },
      ]),
      ['settings.allowedOrigins', { settings: { allowedOrigins: [`${SITE}/path`] } }],
      ['settings.allowedOrigins', { settings: { allowedOrigins: SITE } }],
      ['settings.hours', { settings: { hours: [] } }],
      ['settings.hours.timeZone', { settings: { hours: { ...HOURS, timeZone: 'Mars/Olympus' } } }],
      ['settings.hours.timeZone', { settings: { hours: { ...HOURS, timeZone: "UTC'; DROP TABLE room" } } }],
      ['settings.hours.weekly', { settings: { hours: { ...HOURS, weekly: {} } } }],
      ['settings.hours.weekly', { settings: { hours: { ...HOURS, weekly: Array(51).fill(HOURS.weekly[0]) } } }],
      ['settings.hours.weekly', { settings: { hours: { ...HOURS, weekly: [...HOURS.weekly, { day: 1, from: '17:59', to: '24:00' }] } } }],
      ['settings.hours.weekly', { settings: { hours: { ...HOURS, weekly: [{ day: 1, from: '22:00', to: '06:00' }] } } }],
      ['settings.hours.weekly.0.day', { settings: { hours: { ...HOURS, weekly: [{ day: 0, from: '09:00', to: '18:00' }] } } }],
      ['settings.hours.weekly.0.to', { settings: { hours: { ...HOURS, weekly: [{ day: 1, from: '09:00', to: '24:01' }] } } }],
      ['settings.hours.weekly.0.more', { settings: { hours: { ...HOURS, weekly: [{ day: 1, from: '09:00', to: '24:00', more: 1 }] } } }],
      ['settings.hours.holidays', { settings: { hours: { ...HOURS, holidays: ['2026-02-29'] } } }],
      ['settings.hours.holidays', { settings: { hours: { ...HOURS, holidays: ['275761-01-01'] } } }],
      ['settings', { settings: [] }],
      ['settings', { settings: null }],
      ['theme.color', { theme: { color: 'red;}' } }],
      ['theme.logoUrl', { theme: { logoUrl: 'javascript:alert(1)' } }],
      ['locale', { locale: 'en_US; DROP' }],
      ['name', { name: null }],
      ['preChat.required', { preChat: { required: ['phone'] } }],
    ])('%s is refused in %j', async (path, body) => {
      const before = (await get()).body;
      const { body: problem } = await patch({ welcomeText: 'changed', ...body });
      expect(problem).toMatchObject({ status: 400, code: 'validation.failed' });
      expect(problem.errors.map((error: { path: string }) => error.path)).toContain(path);
      expect((await get()).body).toEqual(before);
    });

    it('agents may read it, only admins change it, customers neither', async () => {
      const agent = await buildAgent(app.url, shop);
      expect((await get(agent.token)).body).toEqual((await get()).body);
      const denied = { status: 403, code: 'access.denied' };
      expect((await patch({ name: 'Mine' }, agent.token)).body).toMatchObject(denied);
      for (const { token } of [await buildGuest(app.url, shop), await buildCustomer(app.url, shop)]) {
        expect((await get(token)).body).toMatchObject(denied);
        expect((await patch({ name: 'Mine' }, token)).body).toMatchObject(denied);
      }
      expect((await rest(app.url, 'GET', '/api/business')).body).toMatchObject({ status: 401, code: 'auth.required' });
    });
  });

  describe('A81 A94 pages', () => {
    let open: Tenant;
    const from = (origin: string): { headers: Record<string, string> } => ({ headers: { Origin: origin } });
    const denied = { status: 403, code: 'origin.denied' };

    beforeAll(async () => {
      open = await buildBusiness(app.url);
      await patch({ settings: { allowedOrigins: [SITE] } }, open.admin.token);
    });

    it.each([
      ['guest', {}],
      ['register', { email: `a-${newKey()}@mail.example`, password: PASSWORD }],
    ])('one of an allowed site may call %s for its business and no other', async (path, body) => {
      const call = (business: string, origin: string): Promise<Answer> =>
        rest(app.url, 'POST', `/api/auth/${path}`, { body: { business, ...body }, ...from(origin) });
      for (const origin of ['https://evil.example', `${SITE}.evil.example`, 'http://shop.example', `${SITE}:8443`, 'null', '']) {
        expect((await call(open.slug, origin)).body).toMatchObject(denied);
      }
      expect((await call(shop.slug, SITE)).body).toMatchObject(denied);
      const allowed = await call(open.slug, SITE);
      expect(allowed.status).toBe(201);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(SITE);
    });

    it('logs in and calls for people of its own business alone', async () => {
      const [own, foreign] = [await buildCustomer(app.url, open), await buildCustomer(app.url, shop)];
      const login = ({ email }: { email?: string }): Promise<Answer> =>
        rest(app.url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD }, ...from(SITE) });
      expect((await login(own)).status).toBe(200);
      expect((await login(foreign)).body).toMatchObject(denied);
      const me = ({ token }: { token: string }): Promise<Answer> => rest(app.url, 'GET', '/api/auth/me', { token, ...from(SITE) });
      expect((await me(own)).status).toBe(200);
      expect((await me(foreign)).body).toMatchObject(denied);
    });

    it('is let in no more once the admin takes its site away', async () => {
      const own = await buildBusiness(app.url);
      const site = `https://${newKey()}.example`;
      const guest = (): Promise<Answer> => rest(app.url, 'POST', '/api/auth/guest', { body: { business: own.slug }, ...from(site) });
      await patch({ settings: { allowedOrigins: [site] } }, own.admin.token);
      expect((await guest()).status).toBe(201);
      await patch({ settings: { allowedOrigins: [] } }, own.admin.token);
      expect((await guest()).body).toMatchObject(denied);
    });

    it('CORS_ORIGIN and PUBLIC_URL may for every business', async () => {
      const operated = await startApp({ CORS_ORIGIN: 'https://desk.example', PUBLIC_URL: 'https://chat.example' });
      try {
        const { status, body } = await signUp(operated.url);
        expect(status).toBe(201);
        for (const [origin, expected] of [
          ['https://desk.example', 201],
          ['https://chat.example', 201],
          ['http://chat.example', 403],
          ['http://localhost:3000', 403],
        ] as const) {
          const guest = await rest(operated.url, 'POST', '/api/auth/guest', { body: { business: body.business.slug }, ...from(origin) });
          expect([origin, guest.status]).toEqual([origin, expected]);
        }
      } finally {
        await operated.close();
      }
    });
  });

  it('A56 the log of all this holds no token and no password', () => {
    expect(app.log.length).toBeGreaterThan(50);
    expect(secretsIn(app.log)).toEqual([]);
  });
});
