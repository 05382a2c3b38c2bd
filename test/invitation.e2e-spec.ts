import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildCustomer, buildGuest, newKey, PASSWORD, secretsIn, type Tenant } from './support/factories.js';
import { startMailServer, tokenIn, type MailServer } from './support/mail-server.js';
import { rest, type Answer } from './support/rest.js';

describe('invitations', () => {
  let server: MailServer;
  let app: TestApp;
  let shop: Tenant;

  const mail = (): string => `ina-${newKey()}@shop.example`;
  const create = (email: string, overrides: object = {}, token = shop.admin.token): Promise<Answer> =>
    rest(app.url, 'POST', '/api/agents', { token, body: { email, name: 'Ina', role: 'agent', ...overrides } });
  const invite = (id: string, token = shop.admin.token): Promise<Answer> => rest(app.url, 'POST', `/api/agents/${id}/invite`, { token });
  const accept = (token: string, password = PASSWORD): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/password/reset', { body: { token, password } });
  const login = async (email: string, password = PASSWORD): Promise<Answer> =>
    rest(app.url, 'POST', '/api/auth/login', { body: { email, password } });
  const change = (id: string, body: object): Promise<Answer> =>
    rest(app.url, 'PATCH', `/api/agents/${id}`, { token: shop.admin.token, body });
  const bare = ({ status, body: { requestId: _, ...problem } }: Answer): object => ({ status, problem });

  beforeAll(async () => {
    server = await startMailServer();
    app = await startApp({ SMTP_URL: server.url });
    shop = await buildBusiness(app.url, 'The Shop');
  });
  afterAll(async () => {
    await app.close();
    await server.close();
  });

  it('A37 an agent without a password is mailed a link, chooses one and signs in', async () => {
    const email = mail();
    const { status, body } = await create(email, { role: 'admin', capacity: 3 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ email, name: 'Ina', role: 'admin', capacity: 3, verified: false, disabled: false });
    expect((await login(email)).body).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    const [sent] = await server.waitFor(email);
    expect(sent!.headers.get('subject')).toBe('Your invitation to The Shop');
    const token = tokenIn(sent!);
    expect((await accept(token, 'The Shop')).body).toMatchObject({ status: 400, code: 'auth.password_weak' });
    expect((await accept(token)).body).toEqual({ user: { id: body.id, role: 'admin', name: 'Ina', avatarUrl: null } });
    expect((await login(email)).body.user).toMatchObject({ id: body.id, verified: true });
    expect((await accept(token, 'yet another horse')).body).toMatchObject({ status: 410, code: 'link.expired' });
    expect((await login(email)).status).toBe(200);
  });

  it('an address of an account or of somebody invited is taken', async () => {
    const [email, customer] = [mail(), await buildCustomer(app.url, shop)];
    expect((await create(email)).status).toBe(201);
    const taken = { status: 409, code: 'auth.email_taken' };
    expect((await create(` ${email.toUpperCase()}`)).body).toMatchObject(taken);
    expect((await create(email, { password: PASSWORD })).body).toMatchObject(taken);
    expect((await create(customer.email!)).body).toMatchObject(taken);
    const other = await create(mail());
    expect((await change(other.body.id, { email })).body).toMatchObject(taken);
    const registered = { business: shop.slug, email, password: PASSWORD };
    expect((await rest(app.url, 'POST', '/api/auth/register', { body: registered })).body).toMatchObject(taken);
    expect(server.to(customer.email!)).toEqual([]);
    const elsewhere = await buildBusiness(app.url);
    expect((await create(email, {}, elsewhere.admin.token)).status).toBe(201);
    const mails = await server.waitFor(email, 2);
    expect(mails).toHaveLength(2);
  });

  it('A10 of many invitations of one address at the same time one wins', async () => {
    const email = mail();
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(email)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await server.waitFor(email)).toHaveLength(1);
  });

  it('A37 a link is good for 72 hours, and until the next one is sent', async () => {
    const email = mail();
    const { id } = (await create(email)).body;
    const [first] = await server.waitFor(email);
    const [life] = await app.sql<{ hours: number }>(
      'SELECT extract(epoch FROM expires_at - now())::float / 3600 AS hours FROM password_link WHERE user_id = $1',
      [id],
    );
    expect(life?.hours).toBeCloseTo(72, 1);
    const again = await invite(id);
    expect([again.status, again.body]).toEqual([202, {}]);
    const [, second] = await server.waitFor(email, 2);
    expect((await accept(tokenIn(first!))).body).toMatchObject({ status: 410, code: 'link.expired' });
    await app.sql('UPDATE password_link SET expires_at = now() WHERE user_id = $1', [id]);
    expect((await accept(tokenIn(second!))).body).toMatchObject({ status: 410, code: 'link.expired' });
    await invite(id);
    const [, , third] = await server.waitFor(email, 3);
    expect((await accept(tokenIn(third!))).status).toBe(200);
    expect((await invite(id)).body).toMatchObject({ status: 409, code: 'agent.already_active' });
    expect(server.to(email)).toHaveLength(3);
  });

  it('A37 a link to an address that an admin has corrected since works no more', async () => {
    const [wrong, right] = [mail(), mail()];
    const { id } = (await create(wrong)).body;
    const [first] = await server.waitFor(wrong);
    expect((await change(id, { email: right })).status).toBe(200);
    expect((await accept(tokenIn(first!))).body).toMatchObject({ status: 410, code: 'link.expired' });
    await invite(id);
    const [second] = await server.waitFor(right);
    expect((await accept(tokenIn(second!))).status).toBe(200);
  });

  it('A15 somebody disabled is not invited, and an earlier link works no more', async () => {
    const email = mail();
    const { id } = (await create(email)).body;
    const [first] = await server.waitFor(email);
    expect((await rest(app.url, 'DELETE', `/api/agents/${id}`, { token: shop.admin.token })).status).toBe(204);
    expect((await invite(id)).body).toMatchObject({ status: 409, code: 'agent.unavailable' });
    expect((await accept(tokenIn(first!))).body).toMatchObject({ status: 410, code: 'link.expired' });
    expect((await change(id, { disabled: false })).status).toBe(200);
    expect((await accept(tokenIn(first!))).body).toMatchObject({ status: 410, code: 'link.expired' });
    expect((await invite(id)).status).toBe(202);
    expect(await server.waitFor(email, 2)).toHaveLength(2);
  });

  it('A36 an admin who was only invited is not the one who stays', async () => {
    const own = await buildBusiness(app.url);
    const email = mail();
    const invited = (await create(email, { role: 'admin' }, own.admin.token)).body;
    const disable = (id: string): Promise<Answer> => rest(app.url, 'DELETE', `/api/agents/${id}`, { token: own.admin.token });
    expect((await disable(own.admin.id)).body).toMatchObject({ status: 409, code: 'agent.last_admin' });
    expect((await disable(invited.id)).status).toBe(204);
    const second = (await create(mail(), { role: 'admin' }, own.admin.token)).body;
    const [sent] = await server.waitFor(second.email);
    expect((await accept(tokenIn(sent!))).status).toBe(200);
    expect((await disable(own.admin.id)).status).toBe(204);
  });

  it('A22 one of another business is 404, byte for byte as a random id', async () => {
    const other = await buildBusiness(app.url);
    const foreign = (await create(mail(), {}, other.admin.token)).body;
    const guest = await buildGuest(app.url, shop);
    const customer = await buildCustomer(app.url, shop);
    const answers = (await Promise.all([newKey(), foreign.id, other.admin.id, guest.id, customer.id].map((id) => invite(id)))).map(bare);
    expect(answers[0]).toMatchObject({ status: 404, problem: { code: 'user.not_found' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await invite('not-an-id')).body).toMatchObject({ status: 400, errors: [{ path: 'id', message: 'must be a UUID' }] });
    await server.waitFor(foreign.email);
    expect(server.to(foreign.email)).toHaveLength(1);
  });

  it('A2 nobody but an admin invites', async () => {
    const { id } = (await create(mail())).body;
    const callers = await Promise.all([buildGuest(app.url, shop), buildCustomer(app.url, shop), buildAgent(app.url, shop)]);
    for (const { token } of callers) {
      expect((await invite(id, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
      expect((await create(mail(), {}, token)).body).toMatchObject({ status: 403, code: 'access.denied' });
    }
  });

  it('A8 one person gets three more an hour, a business sends a hundred', async () => {
    const tight = await startApp({ SMTP_URL: server.url, RATE_LIMIT_FACTOR: '1' }, app.databaseUrl);
    try {
      const own = await buildBusiness(app.url);
      const call = async (path: string, body?: object): Promise<string | number> => {
        const answer = await rest(tight.url, 'POST', `/api/agents${path}`, { token: own.admin.token, body });
        return answer.body.code ?? answer.status;
      };
      const { id } = (await create(mail(), {}, own.admin.token)).body;
      const codes = [await call(`/${id}/invite`), await call(`/${id}/invite`), await call(`/${id}/invite`), await call(`/${id}/invite`)];
      expect(codes).toEqual([202, 202, 202, 'rate.limited']);
      const more: (string | number)[] = [];
      for (let i = 0; i < 98; i++) more.push(await call('', { email: mail(), name: 'Ina', role: 'agent' }));
      expect(more).toEqual([...Array<number>(97).fill(201), 'rate.limited']);
      // Without a mail there is no such limit.
      expect(await call('', { email: mail(), name: 'Ina', role: 'agent', password: PASSWORD })).toBe(201);
    } finally {
      await tight.close();
    }
  });

  it('A56 the log of all this holds no token, no password and no address', () => {
    const tokens = server.mails.map(tokenIn);
    expect(tokens.length).toBeGreaterThan(10);
    expect(secretsIn(app.log, '@shop.example', ...tokens)).toEqual([]);
  });
});
