import { STREAMS, type Catchup, type Message, type Position, type Stream } from '../../src/contract/message.js';
import type { Connection } from './connection.js';
import { Emitter } from './emitter.js';
import { ParleyError } from './error.js';
import { Marker, withFurthestMarks } from './marker.js';
import type { Draft, Outbox, Outgoing } from './outbox.js';
import { followFacts } from './room-facts.js';
import { emptySnapshot, type RoomSnapshot } from './room-snapshot.js';
import { say } from './stragglers.js';
import { StreamLog } from './stream-log.js';
import { Typist } from './typist.js';

const PAGE = 50;
const LARGEST_PAGE = 200;

interface Owner {
  connection: Connection;
  outbox: Outbox;
  userId: string;
  /** Sends what was written in rooms that were left. */
  sendLeft: () => void;
}

/**
 * One room as it goes on: its entries in order without a gap over every loss of the connection, and what is written into it.
 * Made by `Parley.room`.
 */
export class LiveRoom extends Emitter<{ change: RoomSnapshot; message: Message; made: string }> {
  private readonly logs: Record<Stream, StreamLog> = { public: new StreamLog(), internal: new StreamLog() };
  private readonly endings: (() => void)[] = [];
  private snapshotNow: RoomSnapshot;
  private catchingUp: Promise<void> | undefined;
  private failed = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly typist: Typist;
  private readonly marker: Marker;
  private isLeft = false;

  constructor(
    private readonly owner: Owner,
    private roomId: string | null,
  ) {
    super();
    this.snapshotNow = emptySnapshot(owner.outbox.of(roomId));
    this.typist = new Typist(owner.connection);
    this.marker = new Marker(owner.connection, owner.userId, this);
    this.listen();
    if (owner.connection.isOnline) this.arrive();
  }

  /** Null until its first message has made it. */
  get id(): string | null {
    return this.roomId;
  }

  get snapshot(): RoomSnapshot {
    return this.snapshotNow;
  }

  /** Writes a message: it is kept, shown as outgoing and sent as soon as that is possible. */
  async send(draft: Draft): Promise<Outgoing> {
    this.stopTyping(draft.stream);
    const message = await this.owner.outbox.add(this.roomId, draft);
    this.flush();
    return message;
  }

  async retry(clientMessageId: string): Promise<void> {
    await this.owner.outbox.retry(clientMessageId);
    this.flush();
  }

  discard(clientMessageId: string): Promise<void> {
    return this.owner.outbox.discard(clientMessageId);
  }

  /** Reads the page before the oldest entry that is here. @throws ParleyError */
  async older(stream: Stream = 'public'): Promise<void> {
    if (await this.readOlder(stream, PAGE)) this.show();
  }

  /** Reads older entries of every stream until there are some from before that time, or none older. @throws ParleyError */
  async back(to: string): Promise<void> {
    for (const stream of STREAMS) {
      const log = this.logs[stream];
      while (!this.isLeft && (log.entries[0]?.createdAt ?? '') >= to && (await this.readOlder(stream, LARGEST_PAGE)));
    }
    this.show();
  }

  /** Notes that everything that is here was read. */
  markRead(stream: Stream = 'public'): void {
    this.marker.mark(stream, 'read', this.logs[stream].applied);
  }

  /** Called at every keystroke. */
  type(stream: Stream = 'public'): void {
    if (this.roomId !== null) this.typist.type(this.roomId, stream);
  }

  stopTyping(stream: Stream = 'public'): void {
    if (this.roomId !== null) this.typist.stop(this.roomId, stream);
  }

  /** Ends all that goes on here; what is not sent yet is kept for the next time. */
  leave(): void {
    this.isLeft = true;
    for (const end of this.endings) end();
    clearTimeout(this.timer);
    this.stopTyping();
    this.marker.end();
    if (this.roomId !== null) this.owner.connection.try('room.leave', { roomId: this.roomId });
  }

  /** The outbox has changed. */
  refresh(): void {
    this.show({ outgoing: this.owner.outbox.of(this.roomId) });
  }

  /** Whether there was something older. */
  private async readOlder(stream: Stream, limit: number): Promise<boolean> {
    const log = this.logs[stream];
    const before = log.entries[0]?.seq;
    if (this.roomId === null || before === undefined || !log.hasOlder) return false;
    const { items } = await this.owner.connection.call('message.list', { roomId: this.roomId, stream, before, limit });
    log.prepend(items);
    return log.entries[0]?.seq !== before;
  }

  private listen(): void {
    const { connection } = this.owner;
    this.endings.push(
      connection.on('state', ({ status }) => {
        if (status === 'online') this.arrive();
        else if (this.snapshotNow.isLive) this.show({ isLive: false, typing: [], aiText: null });
      }),
      connection.on('message.created', (message) => {
        if (message.roomId === this.roomId) this.receive([message]);
      }),
      connection.on('message.updated', (message) => {
        if (message.roomId !== this.roomId) return;
        this.logs[message.stream].replace(message);
        this.show();
      }),
      ...followFacts(connection, this),
    );
  }

  /** The connection is there, for the first time or again. */
  private arrive(): void {
    if (this.roomId === null) this.flush();
    else void this.catchUp(true);
  }

  private async catchUp(isNew = false): Promise<void> {
    if (this.catchingUp && !isNew) return this.catchingUp;
    const run = (isNew ? this.join() : this.sync()).then(
      () => {
        this.failed = 0;
        this.show({ isLive: !this.hasGap && this.owner.connection.isOnline, error: null });
        this.marker.send();
        this.flush();
      },
      (error: unknown) => {
        if (!(error instanceof ParleyError)) throw error;
        if (!error.retryable) this.show({ error, isLive: false });
        else if (this.owner.connection.isOnline) this.later(() => this.catchUp(true), error.retryAfterMs);
      },
    );
    this.catchingUp = run;
    await run.finally(() => {
      if (this.catchingUp === run) this.catchingUp = undefined;
    });
  }

  private get hasGap(): boolean {
    return STREAMS.some((stream) => this.logs[stream].hasGap);
  }

  private get position(): Position {
    const { room } = this.snapshotNow;
    const position: Position = { epoch: room?.epoch };
    for (const stream of STREAMS) {
      const at = this.logs[stream].position;
      // Customers know of one stream only.
      if (at !== undefined && (stream === 'public' || (room && 'internalLastSeq' in room))) position[stream] = at;
    }
    return position;
  }

  private async join(): Promise<void> {
    const roomId = this.roomId as string;
    const isFirst = this.snapshotNow.room === null;
    const joined = await this.owner.connection.call('room.join', {
      roomId,
      ...(isFirst ? { limit: PAGE } : { after: this.position, limit: LARGEST_PAGE }),
    });
    const { room } = joined;
    const { queue } = this.snapshotNow;
    this.show({
      room,
      queue: room.queuePosition === null ? null : { position: room.queuePosition, estimateSeconds: queue?.estimateSeconds ?? null },
    });
    if (!isFirst) return this.take(joined);
    this.begin('load', joined.entries);
    if (this.hasGap) await this.sync();
  }

  private async sync(): Promise<void> {
    const roomId = this.roomId as string;
    await this.take(await this.owner.connection.call('room.sync', { roomId, after: this.position, limit: LARGEST_PAGE }));
  }

  private async take({ entries, hasMore, reset }: Catchup): Promise<void> {
    if (reset) this.begin('reset', entries);
    else this.receive(entries);
    if ((hasMore && !reset) || this.hasGap) await this.sync();
  }

  private begin(how: 'load' | 'reset', entries: readonly Message[]): void {
    for (const stream of STREAMS) this.logs[stream][how](entries.filter((entry) => entry.stream === stream));
    this.noteDelivery();
    this.show();
  }

  private receive(entries: readonly Message[]): void {
    const fresh = STREAMS.flatMap((stream) => this.logs[stream].receive(entries.filter((entry) => entry.stream === stream)));
    if (fresh.length > 0) {
      this.noteDelivery();
      this.show(fresh.some(isOfMachine) ? { aiText: null } : {});
      for (const entry of fresh) this.emit('message', entry);
    }
    if (this.hasGap && !this.catchingUp) void this.catchUp();
  }

  /** Others learn that their messages have come here. */
  private noteDelivery(): void {
    for (const stream of STREAMS) this.marker.mark(stream, 'delivered', this.logs[stream].applied);
  }

  private flush(): void {
    if (this.isLeft) {
      this.owner.sendLeft();
      return;
    }
    if (!this.owner.connection.isOnline) return;
    this.owner.outbox
      .flush(this.roomId, async (outgoing) => {
        try {
          const message = await say(this.owner.connection, outgoing);
          this.failed = 0;
          await this.confirm(message);
        } catch (error) {
          if (error instanceof ParleyError && error.retryable && this.owner.connection.isOnline) {
            // A join that was to be tried again must not be forgotten over this.
            this.later(() => (this.snapshotNow.isLive ? this.flush() : this.arrive()), error.retryAfterMs);
          }
          throw error;
        }
      })
      .catch(ignored);
  }

  /** The entry in an ack counts as received. */
  private async confirm(message: Message): Promise<void> {
    if (this.roomId !== null) {
      this.receive([message]);
      return;
    }
    this.roomId = message.roomId;
    await this.owner.outbox.discard(message.clientMessageId as string);
    await this.owner.outbox.move(message.roomId);
    this.refresh();
    this.emit('made', message.roomId);
    void this.catchUp(true);
  }

  private later(work: () => unknown, atLeastMs = 0): void {
    if (this.isLeft) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(work, Math.max(this.owner.connection.pauseAfter(this.failed++), atLeastMs));
  }

  /** Shows a change to whoever listens. */
  readonly show = (change: Partial<RoomSnapshot> = {}): void => {
    const { public: open, internal } = this.logs;
    this.snapshotNow = {
      ...this.snapshotNow,
      entries: { public: open.entries, internal: internal.entries },
      hasOlder: { public: open.hasOlder, internal: internal.hasOlder },
      ...change,
      ...(change.room && { room: withFurthestMarks(this.snapshotNow.room, change.room) }),
    };
    this.emit('change', this.snapshotNow);
  };
}

const isOfMachine = ({ ai, activity }: Message): boolean => ai || activity?.type === 'handed_over' || activity?.type === 'ai_disabled';

const ignored = (): void => undefined;
