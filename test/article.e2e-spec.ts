import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildArticle, buildBusiness, buildGuest, newKey, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';

describe('articles', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterAll(() => app.close());

  const call = (method: string, path = '', body?: unknown, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, method, `/api/articles${path}`, { token, body });
  const titles = ({ body }: Answer): string[] => body.items.map(({ title }: { title: string }) => title);

  it('N22 are written, changed and deleted by admins, and read by staff', async () => {
    const made = await call('POST', '', { title: 'Shipping', body: '**Two** days', public: false });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: made.body.id,
        ...{ title: 'Shipping', body: '**Two** days', public: false },
        createdAt: expect.any(String),
        updatedAt: made.body.createdAt,
      },
    ]);
    expect((await call('GET', `/${made.body.id}`, undefined, agent)).body).toEqual(made.body);
    const changed = await call('PATCH', `/${made.body.id}`, { public: true });
    expect([changed.status, changed.body]).toEqual([200, { ...made.body, public: true, updatedAt: expect.any(String) }]);
    expect(changed.body.updatedAt > made.body.updatedAt).toBe(true);
    expect((await call('PATCH', `/${made.body.id}`, {})).body).toEqual(changed.body);
    for (const [method, path, body] of [
      ['POST', '', { title: 'a', body: 'b', public: true }],
      ['PATCH', `/${made.body.id}`, { title: 'a' }],
      ['DELETE', `/${made.body.id}`, undefined],
    ] as const)
      expect((await call(method, path, body, agent)).body.code).toBe('access.denied');
    expect((await call('GET', '', undefined, await buildGuest(app.url, shop))).body.code).toBe('access.denied');
    expect((await call('DELETE', `/${made.body.id}`)).status).toBe(204);
    for (const [method, body] of [['GET'], ['PATCH', { title: 'a' }], ['DELETE']] as const)
      expect((await call(method, `/${made.body.id}`, body)).body.code).toBe('article.not_found');
  });

  it('are listed the newest first, page by page, also by what is in them', async () => {
    const own = await buildBusiness(app.url);
    for (const title of ['One', 'Two 100%', 'Three']) await buildArticle(app.url, own, { title, body: `About ${title}` });
    const list = (query: string): Promise<Answer> => call('GET', `?${query}`, undefined, own.admin);
    expect(titles(await list(''))).toEqual(['Three', 'Two 100%', 'One']);
    const first = await list('limit=2');
    expect([titles(first), titles(await list(`limit=2&cursor=${first.body.nextCursor}`))]).toEqual([['Three', 'Two 100%'], ['One']]);
    expect(titles(await list(`q=${encodeURIComponent('100%')}`))).toEqual(['Two 100%']);
    expect(titles(await list('q=ABOUT'))).toHaveLength(3);
    expect(titles(await list(`q=${encodeURIComponent("' OR 1=1 --")}`))).toEqual([]);
    expect((await list('cursor=nonsense')).body.code).toBe('validation.failed');
    // Those of another business are not there.
    expect(titles(await call('GET', '?q=About'))).toEqual([]);
    const { body } = await list('limit=1');
    expect((await call('GET', `/${body.items[0].id}`)).body.code).toBe('article.not_found');
  });

  it.each([
    [{ body: 'b', public: true }, 'title'],
    [{ title: ' ', body: 'b', public: true }, 'title'],
    [{ title: 'a'.repeat(201), body: 'b', public: true }, 'title'],
    [{ title: 'a', public: true }, 'body'],
    [{ title: 'a', body: 'b' }, 'public'],
    [{ title: 'a', body: 'b', public: 'yes' }, 'public'],
    [{ title: 'a', body: 'b', public: true, id: newKey() }, 'id'],
  ])('%j is refused', async (body, path) => {
    const answer = await call('POST', '', body);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, path]);
  });

  it('a text may be long, and not longer', async () => {
    const long = '🙂'.repeat(20_000);
    const { body: made } = await call('POST', '', { title: 'Long', body: long, public: false });
    expect(made.body).toBe(long);
    const refused = {
      code: 'validation.failed',
      errors: [{ path: 'body', message: 'must be text of 1 to 20000 characters that are not all white space' }],
    };
    expect((await call('PATCH', `/${made.id}`, { body: `${long}x` })).body).toMatchObject(refused);
    expect((await call('POST', '', { title: 'Long', body: `${long}x`, public: false })).body).toMatchObject(refused);
  });

  it('a business has no more than 1,000, also when two are made at once', async () => {
    const own = await buildBusiness(app.url);
    await app.sql(
      `INSERT INTO article (id, business_id, title, body, is_public, words) SELECT gen_random_uuid(), $1, 'a', 'b', true, '' FROM generate_series(1, 999)`,
      [own.id],
    );
    const article = { title: 'a', body: 'b', public: true };
    const answers = await Promise.all([1, 2].map(() => call('POST', '', article, own.admin)));
    expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 'article.limit_reached']);
  });
});
