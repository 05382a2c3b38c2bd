import { createHmac } from 'node:crypto';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildCustomer, buildGuest, buildRoom, say, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';

describe('a link to go on with on another device', () => {
  let app: TestApp;
  let shop: Tenant;

  const make = ({ token }: Pick<Person, 'token'>): Promise<Answer> => rest(app.url, 'POST', '/api/auth/resume-link', { token });
  const resume = (token: unknown): Promise<Answer> => rest(app.url, 'POST', '/api/auth/resume', { body: { token } });
  const tokenOf = async (person: Person): Promise<string> => (await make(person)).body.token as string;
  const gone = { status: 410, code: 'link.expired', retryable: false };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('N57 lets the same guest in once, beside the session that made it', async () => {
    const { guest, room } = await buildRoom(app.url, shop);
    await say(app.url, guest, room.id, 'Begun on the desk');
    const { status, body } = await make(guest);
    expect([status, body]).toEqual([
      201,
      {
        token: expect.any(String),
        url: expect.stringMatching(`^https?://[^/]+/chat/${shop.slug}#resume=${body.token}$`),
        expiresAt: expect.any(String),
      },
    ]);
    const minutes = (Date.parse(body.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThanOrEqual(10);
    const there = await resume(body.token);
    expect([there.status, there.body.user.id]).toEqual([200, guest.id]);
    const history = await rest(app.url, 'GET', `/api/rooms/${room.id}/messages`, { token: there.body.accessToken });
    expect(history.body.items.map((entry: { body: string }) => entry.body)).toContain('Begun on the desk');
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: guest.token })).status).toBe(200);
    expect((await resume(body.token)).body).toMatchObject(gone);
    const [noted] = await app.sql("SELECT details FROM audit_entry WHERE target_id = $1 AND action = 'auth.signed_in'", [guest.id]);
    expect(noted).toEqual({ details: { method: 'link' } });
  });

  it('is good for one of many who open it in the same moment, is kept as a hash, and ends the one before', async () => {
    const guest = await buildGuest(app.url, shop);
    const first = await tokenOf(guest);
    const second = await tokenOf(guest);
    expect((await resume(first)).body).toMatchObject(gone);
    const answers = await Promise.all(Array.from({ length: 8 }, () => resume(second)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410, 410, 410]);
    expect(JSON.stringify(await app.sql('SELECT * FROM resume_link'))).not.toContain(second);
  });

  it('is good for ten minutes, and for nothing that was made up', async () => {
    const guest = await buildGuest(app.url, shop);
    const token = await tokenOf(guest);
    await app.sql('UPDATE resume_link SET expires_at = now() WHERE user_id = $1', [guest.id]);
    expect((await resume(token)).body).toMatchObject(gone);
    expect((await resume('made-up')).body).toMatchObject({ status: 404, code: 'link.not_found' });
    for (const wrong of [null, 7, {}, 'x'.repeat(5_000)]) expect((await resume(wrong)).body.code).toBe('validation.failed');
  });

  it('is not for staff, and ends where all sessions do', async () => {
    expect((await make(await buildAgent(app.url, shop))).body.code).toBe('access.denied');
    const [guest, customer] = [await buildGuest(app.url, shop), await buildCustomer(app.url, shop)];
    for (const person of [guest, customer]) {
      const token = await tokenOf(person);
      await rest(app.url, 'POST', `/api/customers/${person.id}/block`, { token: shop.admin.token, body: { blocked: true } });
      // A blocked guest stays who it is, on its other devices as well.
      const { body } = await resume(token);
      expect(body).toMatchObject(person === guest ? { user: { id: guest.id } } : gone);
    }
    const erased = await buildGuest(app.url, shop);
    const left = await tokenOf(erased);
    await rest(app.url, 'DELETE', '/api/auth/me', { token: erased.token });
    expect((await resume(left)).body.code).toBe('link.not_found');
  });

  it('of a customer with a signed identity ends with the secret that signed it', async () => {
    const own = await buildBusiness(app.url);
    const secret = async (): Promise<string> =>
      (await rest(app.url, 'POST', '/api/business/identity-secret', { token: own.admin.token })).body.identitySecret as string;
    const signature = createHmac('sha256', await secret())
      .update('c1')
      .digest('hex');
    const { body } = await rest(app.url, 'POST', '/api/auth/guest', {
      body: { business: own.slug, identity: { externalId: 'c1', signature } },
    });
    const token = await tokenOf({ ...body.user, token: body.accessToken });
    await secret();
    expect((await resume(token)).body).toMatchObject(gone);
  });

  it('opens sockets that hear what the other device writes', async () => {
    const { guest, room } = await buildRoom(app.url, shop);
    const { body } = await resume(await tokenOf(guest));
    const phone = await connect(app.url, body.accessToken);
    await phone.call('room.join', { roomId: room.id });
    await say(app.url, guest, room.id, 'Still at the desk');
    await phone.waitFor<{ body: string }>('message.created', ({ body: text }) => text === 'Still at the desk');
  });
});
