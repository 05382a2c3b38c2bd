import { createHmac, randomUUID } from 'node:crypto';
import type { Message } from '../../src/contract/message.js';
import type { StaffRoom } from '../../src/contract/room.js';
import type { SignedIn } from '../../src/contract/session.js';
import { rest } from './rest.js';
import { connect, type TestSocket } from './socket.js';

export const PASSWORD = 'correct horse battery';

export interface Person {
  id: string;
  token: string;
  refreshToken: string;
  email?: string;
}

export interface Tenant {
  id: string;
  slug: string;
  admin: Person;
}

const person = ({ user, accessToken, refreshToken }: SignedIn, email?: string): Person => ({
  id: user.id,
  token: accessToken,
  refreshToken,
  email,
});

const expectStatus = <Body>(status: number, answer: { status: number; body: Body }): Body => {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** The same with signed URLs as they are without their signatures, which are others each time. */
export const unsigned = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(/\?expires=\d+&signature=[\w-]+/g, '')) as T;

export const newKey = (): string => randomUUID();

export const buildBusiness = async (url: string, name = `Shop ${newKey().slice(0, 8)}`): Promise<Tenant> => {
  const email = `admin-${newKey()}@shop.example`;
  const body = { name, admin: { name: 'Ada', email, password: PASSWORD } };
  const made = expectStatus(201, await rest(url, 'POST', '/api/businesses', { body }));
  return { id: made.business.id, slug: made.business.slug, admin: person(made, email) };
};

export const buildAgent = async (
  url: string,
  { admin, slug }: Tenant,
  { role = 'agent', ...more }: { role?: 'agent' | 'admin'; name?: string; capacity?: number | null; teamIds?: string[] } = {},
): Promise<Person> => {
  const email = `agent-${newKey()}@shop.example`;
  const body = { email, name: 'Alex', role, password: PASSWORD, ...more };
  expectStatus(201, await rest(url, 'POST', '/api/agents', { token: admin.token, body }));
  return person(
    expectStatus(200, await rest(url, 'POST', '/api/auth/login', { body: { email, password: PASSWORD, business: slug } })),
    email,
  );
};

export const buildGuest = async (url: string, { slug }: Pick<Tenant, 'slug'>, name = 'Gwen'): Promise<Person> =>
  person(expectStatus(201, await rest(url, 'POST', '/api/auth/guest', { body: { business: slug, name } })));

export const buildCustomer = async (url: string, { slug }: Tenant): Promise<Person> => {
  const email = `customer-${newKey()}@mail.example`;
  const body = { business: slug, email, password: PASSWORD, name: 'Cleo' };
  return person(expectStatus(201, await rest(url, 'POST', '/api/auth/register', { body })), email);
};

export const buildTeam = async (url: string, { admin }: Tenant, agents: Person[] = [], name = `Team ${newKey()}`): Promise<string> => {
  const body = { name, agentIds: agents.map(({ id }) => id) };
  return expectStatus(201, await rest(url, 'POST', '/api/teams', { token: admin.token, body })).id;
};

export const buildLabel = async (url: string, { admin }: Tenant, name = `Label ${newKey()}`): Promise<string> =>
  expectStatus(201, await rest(url, 'POST', '/api/labels', { token: admin.token, body: { name } })).id;

export const buildView = async (url: string, { token }: Person, view: object): Promise<string> =>
  expectStatus(201, await rest(url, 'POST', '/api/views', { token, body: { name: 'View', filter: {}, ...view } })).id;
export const buildCannedReply = async (
  url: string,
  { admin }: Tenant,
  body = 'Hello {{customer.name|there}}',
  shortcut = `reply-${newKey()}`,
): Promise<string> =>
  expectStatus(201, await rest(url, 'POST', '/api/canned-replies', { token: admin.token, body: { shortcut, body } })).id;

/** Public, unless it says otherwise. */
export const buildArticle = async (
  url: string,
  { admin }: Tenant,
  article: { title: string; body: string; public?: boolean } = { title: 'Shipping', body: 'Parcels take two days.' },
): Promise<string> =>
  expectStatus(201, await rest(url, 'POST', '/api/articles', { token: admin.token, body: { public: true, ...article } })).id;

export const RULE = { name: 'Refunds', event: 'message.created', conditions: [], actions: [{ type: 'priority', value: 'high' }] };

export const buildRule = async (url: string, { admin }: Tenant, rule: object = {}): Promise<string> =>
  expectStatus(201, await rest(url, 'POST', '/api/rules', { token: admin.token, body: { ...RULE, ...rule } })).id;

export const setUp = async (url: string, { admin }: Tenant, settings: object): Promise<void> => {
  expectStatus(200, await rest(url, 'PATCH', '/api/business', { token: admin.token, body: { settings } }));
};

/** A room of a new guest, unless a guest is given. */
export const buildRoom = async (url: string, tenant: Tenant, guest?: Person): Promise<{ room: StaffRoom; guest: Person }> => {
  const owner = guest ?? (await buildGuest(url, tenant));
  const { status, body } = await rest(url, 'POST', '/api/rooms', { token: owner.token, body: {} });
  if (status !== 201 && status !== 200) throw new Error(`no room: ${JSON.stringify(body)}`);
  return { room: body as StaffRoom, guest: owner };
};

export const say = async (url: string, sender: Person, roomId: string, body: string, stream?: 'public' | 'internal'): Promise<Message> =>
  expectStatus(
    201,
    await rest(url, 'POST', `/api/rooms/${roomId}/messages`, {
      token: sender.token,
      body: { clientMessageId: newKey(), body, ...(stream && { stream }) },
    }),
  );

/** A guest and an agent in one room, both joined over sockets. */
export const buildTalk = async (
  url: string,
  tenant: Tenant,
): Promise<{ roomId: string; guest: Person; agent: Person; guestSocket: TestSocket; agentSocket: TestSocket }> => {
  const { room, guest } = await buildRoom(url, tenant);
  const agent = await buildAgent(url, tenant);
  const [guestSocket, agentSocket] = await Promise.all([connect(url, guest.token), connect(url, agent.token)]);
  await guestSocket.call('room.join', { roomId: room.id });
  await agentSocket.call('room.join', { roomId: room.id });
  return { roomId: room.id, guest, agent, guestSocket, agentSocket };
};

/** The secret of the test application's access tokens, see `startApp`. */
const TOKEN_SECRET = 'b9c1f2d3a4e5968778695a4b3c2d1e0f';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What a token says, unverified. */
export const readToken = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>;

/** An access token signed by hand: like `token`, with other claims, another header or another secret. */
export const forgeToken = (
  token: string,
  claims: Record<string, unknown> = {},
  { header = {}, secret = TOKEN_SECRET, hash = 'sha256' }: { header?: Record<string, unknown>; secret?: string; hash?: string } = {},
): string => {
  const signed = `${base64url({ alg: 'HS256', typ: 'JWT', ...header })}.${base64url({ ...readToken(token), ...claims })}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
};

/** Asks again until the answer fits, for at most `ms`; the last answer. */
export const until = async <T>(ask: () => Promise<T>, fits: (answer: T) => boolean, ms = 5_000): Promise<T> => {
  for (const deadline = Date.now() + ms; ;) {
    const answer = await ask();
    if (fits(answer) || Date.now() > deadline) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
};

/** What no log may hold: a token, a password, and whatever else the test calls secret. */
export const secretsIn = (log: string[], ...others: string[]): string[] =>
  log.filter(
    (line) => /eyJ[\w-]+\.eyJ/.test(line) || /bearer /i.test(line) || [PASSWORD, ...others].some((secret) => line.includes(secret)),
  );
