import { randomUUID } from 'node:crypto';
import { note, picture, upload } from '../support/files.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildCannedReply,
  buildCustomer,
  buildGuest,
  buildLabel,
  buildRoom,
  buildRule,
  buildTeam,
  buildView,
  PASSWORD,
  say,
  setUp,
  type Person,
  type Tenant,
} from '../support/factories.js';
import { rest } from '../support/rest.js';
import { connect, type Heard, type TestSocket } from '../support/socket.js';
import { oneOf, type Random } from '../torture/random.js';
import type { Known } from './values.js';

export const CALLERS = ['guest', 'customer', 'agent', 'admin', 'foreigner', 'nobody'] as const;
export type Caller = (typeof CALLERS)[number];

/** What a field of this name holds the id of, as the first word of the path that makes one. */
const KIND_OF_FIELD: [RegExp, string][] = [
  [/^roomIds?$/, 'rooms'],
  [/^(messageId|replyTo)$/, 'messages'],
  [/^(agentIds?|pinnedAgentId|mentions|actorId|targetId|assignee)$/, 'agents'],
  [/^customerId$/, 'customers'],
  [/^teamIds?$/, 'teams'],
  [/^attachmentIds$/, 'uploads'],
  [/^view$/, 'views'],
  [/^ruleId$/, 'rules'],
];

const NOW = '2026-11-20T10:00:00.000Z';
const FORGERIES: unknown[] = [
  ...[
    'x',
    '',
    '0',
    '7',
    '-1',
    '1.5',
    '9999999999',
    '9223372036854775808',
    'newest',
    'waiting',
    'priority',
    '\0',
    '\ud800',
    '%',
    null,
    7,
    {},
    [],
  ],
  ...[
    '2026-02-30T10:00:00.000Z',
    '2026-11-20T24:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '275761-01-01T00:00:00.000Z',
  ],
];
const cursorOf = (values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');

/** A small business with a bit of everything in it, another beside it, and what became known of them. */
export class World implements Known {
  private readonly sockets = new Map<Caller, TestSocket>();
  private readonly ids = new Map<string, string[]>();
  private readonly words = new Map<string, string[]>();
  readonly foreignIds = new Set<string>();
  readonly people = new Map<Caller, Person>();
  /** Its first admin calls nothing, so that there is somebody to make others. */
  private shop: Tenant;
  /** The kind of id that a path asks for where its parameter is only named `id`. */
  kind = 'rooms';

  private constructor(
    readonly url: string,
    private readonly random: Random,
  ) {}

  static async build(url: string, random: Random): Promise<World> {
    const world = new World(url, random);
    const [shop, other] = [await buildBusiness(url), await buildBusiness(url)];
    await world.fill(shop);
    await world.fillOther(other);
    return world;
  }

  readonly tokenOf = (caller: Caller): string | undefined => this.people.get(caller)?.token;

  /** Rooms of the one business, for whoever wants to meet in one. */
  get rooms(): string[] {
    return this.ids.get('rooms') ?? [];
  }

  async socketOf(caller: Caller): Promise<TestSocket> {
    const open = this.sockets.get(caller);
    if (open?.raw.connected) return open;
    const socket = await connect(this.url, this.tokenOf(caller) as string);
    this.sockets.set(caller, socket);
    return socket;
  }

  close(): void {
    for (const socket of this.sockets.values()) socket.close();
  }

  /** Whether somebody may not know of it, because it is of the other business. */
  isHidden(id: string, caller: Caller): boolean {
    const isOurs = [...this.ids].some(([kind, ids]) => kind !== 'keys' && ids.includes(id.toLowerCase()));
    return caller === 'foreigner' ? isOurs : this.foreignIds.has(id.toLowerCase());
  }

  hiddenFrom(caller: Caller): string[] {
    return caller === 'foreigner' ? [...this.ids].flatMap(([kind, ids]) => (kind === 'keys' ? [] : ids)) : [...this.foreignIds];
  }

  heard(): [Caller, Heard[]][] {
    return [...this.sockets].map(([caller, { heard }]) => [caller, heard]);
  }

  idFor(name: string): string {
    const kind = name === 'id' ? this.kind : (KIND_OF_FIELD.find(([pattern]) => pattern.test(name))?.[1] ?? 'keys');
    const chosen = this.random();
    if (chosen < 0.65) return this.pick(this.ids.get(kind) ?? [...this.ids.values()].flat());
    if (chosen < 0.8) return this.pick([...this.ids.values()].flat());
    if (chosen < 0.9) return this.pick([...this.foreignIds]);
    return chosen < 0.95 ? this.pick(this.ids.get(kind) ?? this.rooms).toUpperCase() : randomUUID();
  }

  wordFor(name: string): string | undefined {
    const words = this.words.get(name);
    if (words === undefined) return undefined;
    return name === 'cursor' && this.random() < 0.6 ? this.forged(this.pick(words)) : this.pick(words);
  }

  /** Keeps what an answer tells: new ids, cursors and words to go on with. */
  learn(path: string, body: unknown): void {
    const { id, nextCursor } = (body ?? {}) as { id?: unknown; nextCursor?: unknown };
    const kind = /\/messages\b/.test(path) ? 'messages' : (path.split('/')[2] ?? '');
    if (typeof id === 'string' && this.ids.has(kind)) this.add(this.ids, kind, id);
    if (typeof nextCursor === 'string') this.add(this.words, 'cursor', nextCursor);
  }

  /** Another in place of somebody who was signed out, erased or disabled; false when there is nobody left who can ask. */
  async replace(caller: Caller): Promise<boolean> {
    const build = { guest: buildGuest, customer: buildCustomer }[caller as string] ?? buildAgent;
    const role = caller === 'admin' ? 'admin' : 'agent';
    const person = await (build === buildAgent ? buildAgent(this.url, this.shop, { role }) : build(this.url, this.shop)).catch(
      () => undefined,
    );
    if (!person || caller === 'foreigner') return false;
    this.people.set(caller, person);
    this.sockets.get(caller)?.close();
    this.sockets.delete(caller);
    this.add(this.ids, build === buildAgent ? 'agents' : 'customers', person.id);
    return true;
  }

  private async fill(shop: Tenant): Promise<void> {
    const { url } = this;
    this.shop = shop;
    const [agent, guest, customer] = [await buildAgent(url, shop), await buildGuest(url, shop), await buildCustomer(url, shop)];
    const admin = await buildAgent(url, shop, { role: 'admin' });
    if (this.random() < 0.5) await setUp(url, shop, { multipleRooms: true });
    this.people.set('guest', guest).set('customer', customer).set('agent', agent).set('admin', admin);
    const rooms = [await buildRoom(url, shop, guest), await buildRoom(url, shop, customer), await buildRoom(url, shop)].map(
      ({ room }) => room.id,
    );
    const [held, waiting, closed] = rooms as [string, string, string];
    await rest(url, 'POST', `/api/rooms/${held}/claim`, { token: agent.token });
    const messages = [
      await say(url, guest, held, 'Where is my parcel?'),
      await say(url, agent, held, 'On its way'),
      await say(url, agent, held, 'A nice one', 'internal'),
      await say(url, customer, waiting, 'Hello'),
      await say(url, admin, closed, 'Bye'),
    ];
    await rest(url, 'DELETE', `/api/rooms/${closed}`, { token: admin.token });
    const files = [await upload(url, guest, held, note()), await upload(url, agent, held, await picture())];
    const label = `Label ${randomUUID()}`;
    this.ids
      .set('rooms', rooms)
      .set(
        'messages',
        messages.map(({ id }) => id),
      )
      .set('agents', [agent.id, admin.id, shop.admin.id])
      .set('customers', [guest.id, customer.id])
      .set('teams', [await buildTeam(url, shop, [agent])])
      .set(
        'uploads',
        files.map(({ id }) => id),
      )
      .set('labels', [await buildLabel(url, shop, label)])
      .set('views', [await buildView(url, agent, {}), await buildView(url, admin, { shared: true })])
      .set('canned-replies', [await buildCannedReply(url, shop)])
      .set('articles', [await buildArticle(url, shop)])
      .set('rules', [await buildRule(url, shop, { enabled: false })])
      .set('auth', [await this.sessionOf(guest), await this.sessionOf(agent)])
      .set('keys', [randomUUID(), randomUUID(), ...messages.map(({ clientMessageId }) => clientMessageId as string)]);
    this.words
      .set('cursor', [cursorOf(['newest', '0', NOW, held]), cursorOf([NOW, held]), cursorOf(['0', held]), cursorOf(['7'])])
      .set('labels', [label, label.toUpperCase(), 'none'])
      .set('label', [label])
      .set('items', [label])
      .set('business', [shop.slug, shop.id])
      .set('slug', [shop.slug, shop.id.toUpperCase()])
      .set(
        'email',
        [agent, admin, customer].map(({ email }) => email as string),
      )
      .set('password', [PASSWORD])
      .set('currentPassword', [PASSWORD])
      .set('refreshToken', [guest.refreshToken, agent.refreshToken, guest.token])
      .set(
        'token',
        [guest, agent, admin].map(({ token }) => token),
      );
  }

  private async fillOther(other: Tenant): Promise<void> {
    this.people.set('foreigner', other.admin);
    const { room, guest } = await buildRoom(this.url, other);
    const message = await say(this.url, guest, room.id, 'Elsewhere');
    const [label, team, view] = [
      await buildLabel(this.url, other),
      await buildTeam(this.url, other),
      await buildView(this.url, other.admin, {}),
    ];
    for (const id of [room.id, guest.id, message.id, label, team, view, other.admin.id]) this.foreignIds.add(id);
  }

  private async sessionOf({ token }: Person): Promise<string> {
    return (await rest(this.url, 'GET', '/api/auth/sessions/current', { token })).body.id as string;
  }

  private add(to: Map<string, string[]>, kind: string, value: string): void {
    to.set(kind, [...(to.get(kind) ?? []), value].slice(-30));
  }

  /** A cursor of ours with one value in it that is not ours. */
  private forged(cursor: string): string {
    const values = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const at = Math.floor(this.random() * (values.length + 1));
    return cursorOf(values.toSpliced(at, 1, this.pick(FORGERIES)));
  }

  private readonly pick = <Thing>(things: readonly Thing[]): Thing => oneOf(this.random, things);
}
