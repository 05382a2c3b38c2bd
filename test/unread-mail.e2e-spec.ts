import { UnreadMailService } from '../src/automation/unread-mail.service.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, say, setUp, type Person, type Tenant } from './support/factories.js';
import { letPass } from './support/let-pass.js';
import { startMailServer, type Arrived, type MailServer } from './support/mail-server.js';
import { rest } from './support/rest.js';

const ADDRESS = 'gwen@mail.example';

describe('N36 a customer who has gone', () => {
  let server: MailServer;
  let app: TestApp;
  let shop: Tenant;

  const age = (roomId: string, minutes: number): Promise<void> => letPass(app, roomId, minutes);
  const sweep = (): Promise<void> => app.app.get(UnreadMailService).sweep();
  /** A room in which a customer with this address asked, and people answered. */
  const answered = async (email: string | null, tenant = shop): Promise<{ roomId: string; guest: Person }> => {
    const { guest, room } = await buildRoom(app.url, tenant);
    await say(app.url, guest, room.id, 'Is it ready?');
    if (email !== null) await rest(app.url, 'PATCH', '/api/auth/me', { token: guest.token, body: { email } });
    await say(app.url, tenant.admin, room.id, 'It is!\n[Fine](reply:)');
    await age(room.id, 11);
    return { roomId: room.id, guest };
  };
  const mailed = (): Promise<{ recipient: string; text: string }[]> =>
    app.sql<{ recipient: string; text: string }>('SELECT recipient, text FROM mail ORDER BY created_at');

  beforeAll(async () => {
    server = await startMailServer();
    app = await startApp({ SMTP_URL: server.url });
  });
  beforeEach(async () => {
    await app.sql('DELETE FROM mail');
    await app.sql('TRUNCATE room CASCADE');
    shop = await buildBusiness(app.url, 'Lantern & Loom');
  });
  afterAll(async () => {
    await app.close();
    await server.close();
  });

  it('A40 gets what people answered by mail, and no note, with a link that leads back to the chat', async () => {
    const { roomId, guest } = await answered(ADDRESS);
    // Nor does a note hold the mail up: the customer knows nothing of it.
    await say(app.url, shop.admin, roomId, 'CANARY: she is difficult', 'internal');
    await sweep();
    const [mail] = (await server.waitFor(ADDRESS, 1)) as [Arrived];
    expect(mail.headers.get('subject')).toBe('Lantern & Loom has answered you');
    expect(mail.text).toContain('It is! [Fine]');
    expect(mail.text).not.toMatch(/CANARY|Is it ready/);
    const token = /#resume=([\w-]+)/.exec(mail.text)?.[1];
    const { status, body } = await rest(app.url, 'POST', '/api/auth/resume', { body: { token } });
    expect([status, body.user.id]).toEqual([200, guest.id]);
  });

  it('is told once by many servers, and again of what is said later', async () => {
    const { roomId } = await answered(ADDRESS);
    const second = await startApp({ SMTP_URL: server.url }, app.databaseUrl);
    await Promise.all([sweep(), second.app.get(UnreadMailService).sweep()]);
    await second.close();
    await sweep();
    expect(await mailed()).toHaveLength(1);
    await say(app.url, shop.admin, roomId, 'Shall we send it?');
    await age(roomId, 11);
    await sweep();
    const [, later] = await mailed();
    expect(later?.text).toContain('Shall we send it?');
    expect(later?.text).not.toContain('It is!');
  });

  it('gets none that has read it, has no address, is blocked, erased, or was answered a moment ago', async () => {
    const reader = await answered(ADDRESS);
    const { items } = (await rest(app.url, 'GET', `/api/rooms/${reader.roomId}/messages`, { token: reader.guest.token })).body;
    await rest(app.url, 'POST', `/api/rooms/${reader.roomId}/marks`, {
      token: reader.guest.token,
      body: { read: items.at(-1).seq },
    });
    await answered(null);
    const blocked = await answered(ADDRESS);
    await rest(app.url, 'POST', `/api/customers/${blocked.guest.id}/block`, { token: shop.admin.token, body: { blocked: true } });
    const erased = await answered(ADDRESS);
    await rest(app.url, 'DELETE', '/api/auth/me', { token: erased.guest.token });
    const early = await answered(ADDRESS);
    await age(early.roomId, 9);
    await sweep();
    expect(await mailed()).toEqual([]);
    await age(early.roomId, 11);
    await sweep();
    expect(await mailed()).toHaveLength(1);
  });

  it('is left alone where the business wants that, or asks for another time', async () => {
    await setUp(app.url, shop, { autoReplies: { mailMinutes: null } });
    const { roomId } = await answered(ADDRESS);
    await sweep();
    await setUp(app.url, shop, { autoReplies: { mailMinutes: 30 } });
    await sweep();
    expect(await mailed()).toEqual([]);
    await age(roomId, 31);
    await sweep();
    expect(await mailed()).toHaveLength(1);
    // A pause of weeks is one as well.
    await setUp(app.url, shop, { autoReplies: { mailMinutes: 20_000 } });
    const patient = await answered(ADDRESS);
    await age(patient.roomId, 20_001);
    await app.sql(`UPDATE room SET active_at = now() - interval '20001 minutes' WHERE id = $1`, [patient.roomId]);
    await sweep();
    expect(await mailed()).toHaveLength(2);
  });

  it('is told in the language of the business, of no more than is good for a mail', async () => {
    await rest(app.url, 'PATCH', '/api/business', { token: shop.admin.token, body: { locale: 'de-AT' } });
    const { roomId } = await answered(ADDRESS);
    await say(app.url, shop.admin, roomId, 'x'.repeat(4_000));
    await age(roomId, 11);
    await sweep();
    const [mail] = await mailed();
    expect(mail?.text).toContain('Hier geht der Chat weiter.');
    expect(mail?.text.length).toBeLessThan(2_000);
  });
});
