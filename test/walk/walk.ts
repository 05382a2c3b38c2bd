import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApp } from '../support/app.js';
import { rest } from '../support/rest.js';
import type { Stream } from '../../src/contract/message.js';
import { settleSearch } from '../support/settle-search.js';
import { oneOf, randomFrom, type Random } from '../torture/random.js';
import { openShop } from './arrivals.js';
import { DEEDS } from './deeds.js';
import { markUnread } from './talk.js';
import { carryOut, type Outcome } from './doors.js';
import type { RoomView } from './live-reader.js';
import { historyOf, isWritten } from './truth.js';
import { keyOf, withReader, type Said, type Shop, type Walker } from './walker.js';

type Payload = Record<string, any>;

/** What may be answered when the walk asks for what cannot be. Anything else is a fault. */
const REFUSALS = new Set([
  ...['room.closed', 'room.not_closed', 'room.not_found', 'room.already_assigned', 'room.already_open', 'access.denied'],
  ...[
    'edit.window_over',
    'label.not_found',
    'team.not_found',
    'agent.last_admin',
    'agent.at_capacity',
    'agent.unavailable',
    'message.not_found',
    'user.not_found',
    'message.idempotency_mismatch',
  ],
]);
const AT_ONCE = 4;
const UNREAD_SHARE = 0.1;
const PATIENCE_MS = 20_000;
const NOTHING = { deliveredSeq: 0, readSeq: 0 };

/** Businesses with their people, who do one thing after the other, some at the same time, on the servers given. */
export class Walk {
  readonly random: Random;
  readonly busy = new Set<Walker>();
  readonly shops: Shop[] = [];
  readonly steps: string[] = [];
  readonly faults: string[] = [];

  constructor(
    readonly seed: number,
    readonly nodes: TestApp[],
    /** Of all nodes. */
    readonly uploadDir: string,
  ) {
    this.random = randomFrom(seed);
  }

  readonly url = (): string => oneOf(this.random, this.nodes).url;

  async build(): Promise<void> {
    this.shops.push(await openShop(this, 'Asia/Kolkata', {}), await openShop(this, 'UTC', { multipleRooms: true }));
  }

  /** Does so many things, up to some at once; no person does two at a time. */
  async go(steps: number): Promise<void> {
    for (let done = 0; done < steps && this.faults.length === 0;) {
      const size = 1 + Math.floor(this.random() * AT_ONCE);
      done += size;
      await Promise.all(Array.from({ length: size }, () => this.pick()).filter((deed) => deed !== undefined));
      if (this.random() < UNREAD_SHARE) await markUnread(this, oneOf(this.random, this.shops));
    }
  }

  private pick(): Promise<void> | undefined {
    const shop = this.random() < 0.75 ? this.shops[0] : this.shops[1];
    const all = DEEDS.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.random() * all;
    for (const [weight, deed] of DEEDS) {
      at -= weight;
      if (at < 0) return deed(this, shop as Shop);
    }
    return undefined;
  }

  act(by: Walker, command: string, payload: Payload): Promise<void> {
    return this.alone(by, () => this.perform(by, command, payload));
  }

  /** Keeps this person from doing anything else meanwhile. */
  async alone(by: Walker, work: () => Promise<unknown>): Promise<void> {
    this.busy.add(by);
    try {
      await work();
    } catch (error) {
      this.faults.push(`${by.name}: ${(error as Error).stack ?? String(error)}`);
    }
    this.busy.delete(by);
  }

  async perform(by: Walker, command: string, payload: Payload): Promise<string> {
    const urls = this.nodes.map(({ url }) => url);
    const outcome = await carryOut(this.random, urls, by, command, payload);
    if (outcome.code === 'not tried') return outcome.code;
    this.note(by, command, payload, outcome.code, outcome);
    if (outcome.code === 'ok') this.learn(by, command, payload, outcome);
    return outcome.code;
  }

  note(by: Walker, command: string, payload: Payload, code: string, { door, value }: Partial<Outcome> = {}): void {
    const answer = value?.seq ? `${value.stream} ${value.seq}` : '';
    this.steps.push(
      `${this.steps.length} ${new Date().toISOString()} ${by.name} ${door ?? ''} ${command} ${JSON.stringify(payload)}: ${code} ${answer}`,
    );
    const isExpected = code === 'ok' || REFUSALS.has(code) || (by.state === 'disabled' && code === 'auth.session_ended');
    if (!isExpected) this.faults.push(`${by.name}: ${command} ${JSON.stringify(payload)} was answered ${code} ${JSON.stringify(value)}`);
  }

  /** The same key several times at once, through whatever door: one message. */
  atOnce(by: Walker, payload: Payload): Promise<void> {
    return this.alone(by, async () => {
      const urls = this.nodes.map(({ url }) => url);
      const outcomes = await Promise.all([1, 2, 3].map(() => carryOut(this.random, urls, by, 'message.send', payload)));
      for (const { code, door, value } of outcomes) this.note(by, 'message.send', payload, code, { door, value });
      const ids = new Set(outcomes.map(({ value }) => value.id as string));
      const codes = new Set(outcomes.map(({ code }) => code));
      if (codes.has('ok') && (ids.size > 1 || codes.size > 1)) this.faults.push(`one key became ${JSON.stringify(outcomes)}`);
      if (outcomes.filter(({ status }) => status === 201).length > 1) this.faults.push(`made more than once: ${JSON.stringify(outcomes)}`);
      if (codes.has('ok')) this.learn(by, 'message.send', payload, outcomes[0] as Outcome);
    });
  }

  /** The same again, or other words under the same key: one message, or a mismatch. */
  repeat(said: Said, payload: Payload, isOther: boolean): Promise<void> {
    return this.alone(said.by, async () => {
      const { door, code, value, status } = await carryOut(
        this.random,
        this.nodes.map(({ url }) => url),
        said.by,
        'message.send',
        payload,
      );
      if (code === 'not tried') return;
      this.note(said.by, 'message.send', payload, code, { door, value });
      // Who does not reach the room any more is told nothing of it.
      if (code === 'room.not_found' || code === 'access.denied') return;
      const isSame = code === 'ok' && value.id === said.id && value.seq === said.seq && (status ?? 200) === 200;
      if (isOther ? code !== 'message.idempotency_mismatch' : !isSame)
        this.faults.push(`a repeat of ${said.id} was answered ${code} ${JSON.stringify(value)}`);
    });
  }

  /** What an answer says of the state of things. */
  private learn(by: Walker, command: string, payload: Payload, { value }: Outcome): void {
    const { shop } = by;
    if (command === 'room.open') this.learnRoom(shop, value as RoomView);
    if (command === 'message.send') this.learnMessage(by, payload, value);
    if (command === 'room.transfer' && payload.note !== undefined) shop.unreadFrom.delete(keyOf(by, payload.roomId, 'internal'));
    if (command === 'message.mark') this.learnMark(by, payload, value);
    if (command === 'room.claim' && value.assignee?.id !== by.person.id)
      this.faults.push(`${by.name} claimed ${payload.roomId}, which ${value.assignee?.id} has`);
    if (command === 'room.bulk') {
      for (const { error } of value.items) if (error && !REFUSALS.has(error.code)) this.faults.push(`room.bulk: ${JSON.stringify(error)}`);
    }
  }

  learnRoom(shop: Shop, { id, customer, subject }: RoomView): void {
    if (shop.rooms.has(id)) return;
    shop.rooms.set(id, shop.walkers.find(({ person }) => person.id === customer.id) as Walker);
    shop.subjects.set(id, subject);
  }

  private learnMessage(by: Walker, payload: Payload, { id, seq, roomId, stream, body }: Payload): void {
    const { shop } = by;
    if (!shop.rooms.has(roomId)) shop.rooms.set(roomId, by);
    if (body !== (payload.body ?? null)) this.faults.push(`${id} was sent as ${payload.body} and is answered as ${body}`);
    shop.said.push({ by, roomId, payload: { ...payload, roomId }, id, seq });
    shop.unreadFrom.delete(keyOf(by, roomId, stream));
  }

  private learnMark(by: Walker, { roomId, stream, read = 0 }: Payload, answer: { deliveredSeq: number; readSeq: number }): void {
    const { marks, unreadFrom } = by.shop;
    const key = keyOf(by, roomId, stream);
    const before = marks.get(key) ?? NOTHING;
    if (answer.readSeq < before.readSeq || answer.deliveredSeq < before.deliveredSeq || answer.readSeq > answer.deliveredSeq)
      this.faults.push(`${key}: marks went from ${JSON.stringify(before)} to ${JSON.stringify(answer)}`);
    marks.set(key, answer);
    if (Math.min(read, answer.readSeq) >= (unreadFrom.get(key) ?? Infinity)) unreadFrom.delete(key);
  }

  /** Since when rooms wait, or would if they were open and nobody's. */
  async waitingSince({ tenant }: Shop): Promise<Map<string, string>> {
    const sql = 'SELECT id, waiting_since AS since FROM room WHERE business_id = $1';
    const rows = await (this.nodes[0] as TestApp).sql<{ id: string; since: Date }>(sql, [tenant.id]);
    return new Map(rows.map(({ id, since }) => [id, since.toISOString()]));
  }

  /** Until nothing moves any more, and everybody is back and has caught up. */
  async settle(): Promise<void> {
    for (const { walkers } of this.shops) {
      for (const by of walkers) if (by.reader && (by.state === 'active' || by.state === 'blocked')) await this.comeBack(by);
    }
    const app = this.nodes[0] as TestApp;
    const state = async (): Promise<string> => {
      const [row] = await app.sql<{ row: string }>(
        `SELECT concat((SELECT count(*) FROM message), ' ', (SELECT max(updated_at) FROM room), ' ',
           (SELECT count(*) FROM room WHERE snoozed_until < now() + interval '10 seconds')) AS row`,
      );
      return row?.row ?? '';
    };
    const deadline = Date.now() + PATIENCE_MS;
    for (let before = '', quiet = 0; quiet < 4;) {
      if (Date.now() > deadline) throw new Error(`it does not come to rest: ${before}`);
      await sleep(300);
      const now = await state();
      const isBusy = this.shops.some(({ walkers }) => walkers.some(({ reader }) => reader?.isBusy));
      quiet = now === before && now.endsWith(' 0') && !isBusy ? quiet + 1 : 0;
      before = now;
    }
    for (const { walkers } of this.shops)
      for (const by of walkers) if (by.state === 'active' && by.reader?.isListStale) await this.list(by);
    await settleSearch(app);
  }

  /** While nothing else happens: what counts as unread depends on what is there at that moment. */
  async markUnread(by: Walker, roomId: string, stream: Stream, seq?: number): Promise<void> {
    const others = async (): Promise<number | undefined> => {
      const [admin] = by.shop.walkers;
      const entries = await historyOf(this, admin as Walker, roomId, stream);
      const counted = entries.filter((entry) => isWritten(entry) && entry.deletedAt === null && entry.sender?.id !== by.person.id);
      return counted.filter((entry) => entry.seq >= (seq ?? 0)).at(-1)?.seq;
    };
    for (let from = await others(); ;) {
      const code = await this.perform(by, 'message.mark_unread', { roomId, stream, ...(seq !== undefined && { seq }) });
      const now = await others();
      if (code === 'ok' && now !== undefined) by.shop.unreadFrom.set(keyOf(by, roomId, stream), Math.min(now, seq ?? now));
      // A machine spoke in between.
      if (now === from) return;
      from = now;
    }
  }

  /** Cuts the socket, or makes the first one, and comes back at any server with what is known. */
  async comeBack(by: Walker): Promise<void> {
    const reader = withReader(by);
    await reader.connect(this.url(), by.person.token);
    this.note(by, 'connect', {}, 'ok');
    await this.list(by);
  }

  /** Staff list their rooms, and follow them by events from then on. */
  async list(by: Walker): Promise<void> {
    const { reader } = by;
    if (!by.isStaff || !reader) return;
    const since: RoomView[] = [];
    reader.isListStale = false;
    reader.onView = (room) => since.push(room);
    const rooms = await this.pages<RoomView>(by, '/api/rooms');
    reader.onView = undefined;
    reader.listed(
      rooms,
      since.filter(({ id }) => rooms.some((room) => room.id === id)),
    );
  }

  async get({ person }: Walker, path: string, url = this.url()): Promise<any> {
    const { status, body } = await rest(url, 'GET', path, { token: person.token });
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Everything of a list, page by page. */
  async pages<Item>(by: Walker, path: string, query: Record<string, string> = {}, limit = 200): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const asked = new URLSearchParams({ ...query, limit: String(limit), ...(cursor && { cursor }) });
      const page = await this.get(by, `${path}?${asked.toString()}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }
}
