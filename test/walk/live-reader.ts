import { io, type Socket } from 'socket.io-client';
import type { Ack } from '../../src/contract/ack.js';
import { STREAMS, type Catchup, type Message, type Stream } from '../../src/contract/message.js';
import { furthestMarks, type Joined, type Mark, type MarkedEvent } from '../../src/contract/room.js';

const PAGE = 20;
const ANSWER_MS = 15_000;

export type RoomView = Record<string, any> & { id: string; marks: Mark[]; internalMarks?: Mark[] };

/** What a reader holds of one room: entries in order, and what is not told again. */
interface RoomLog {
  epoch: string;
  streams: Partial<Record<Stream, Message[]>>;
  isCatchingUp: boolean;
  isBehind: boolean;
}

/** What a deletion leaves of a message and of its edits. */
const gone = (entry: Message, deletedAt: string): Message => ({ ...entry, body: null, attachments: [], deletedAt });

/** The entries up to now, and one more: the fold of the contract, by the entries alone. */
const applied = (log: Message[], entry: Message): Message[] => {
  const { kind, targetSeq } = entry;
  const target = targetSeq === null ? undefined : log[targetSeq - 1];
  if (target && kind === 'edit' && entry.body !== null)
    log[targetSeq - 1] = { ...target, body: entry.body, editedAt: entry.createdAt } as Message;
  if (target && kind === 'deletion') {
    log.forEach((one, at) => {
      if (one.seq === targetSeq || (one.kind === 'edit' && one.targetSeq === targetSeq)) log[at] = gone(one, entry.createdAt);
    });
  }
  log.push(entry);
  return log;
};

/** A client by the rule of the contract, in as many rooms as it joins, over sockets that are cut and come back. */
export class LiveReader {
  readonly logs = new Map<string, RoomLog>();
  /** Rooms as events and joins told of them; of staff also those it listed. */
  readonly views = new Map<string, RoomView>();
  readonly oddities: string[] = [];
  /** Set while its rooms are to be listed anew. */
  isListStale = true;
  mentions: string[] = [];
  private socket: Socket | undefined;
  private working = 0;

  constructor(
    readonly name: string,
    private readonly isStaff: boolean,
  ) {}

  get isUp(): boolean {
    return this.socket?.connected === true;
  }

  /** Whether it works on something, or waits for something that it lacks. */
  get isBusy(): boolean {
    return this.working > 0 || [...this.logs.values()].some(({ isBehind, isCatchingUp }) => isBehind || isCatchingUp);
  }

  /** A new socket in the place of the one before; the rooms that it was in are joined again with what is known of them. */
  async connect(url: string, token: string): Promise<void> {
    this.cut();
    const socket = io(url, { auth: { token }, forceNew: true, reconnection: false, transports: ['websocket'] });
    this.socket = socket;
    socket.onAny((event: string, payload: any) => this.socket === socket && this.hear(event, payload));
    socket.on('disconnect', () => {
      if (this.socket === socket) this.isListStale = true;
    });
    await new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('connect_error', fail);
    });
    this.isListStale = true;
    await Promise.all([...this.logs.keys()].map((roomId) => this.join(roomId)));
  }

  cut(): void {
    this.socket?.disconnect();
    this.socket = undefined;
  }

  /** Undefined when the socket was cut before the answer came. */
  async ask(command: string, payload: object): Promise<Ack<any> | undefined> {
    const { socket } = this;
    if (!socket?.connected) return undefined;
    this.working++;
    const cut = new Promise<undefined>((done) => socket.once('disconnect', () => done(undefined)));
    const answer = (socket.timeout(ANSWER_MS).emitWithAck(command, payload) as Promise<Ack<any>>).catch(() => {
      if (socket.connected) this.oddities.push(`${this.name}: ${command} got no answer`);
      return undefined;
    });
    const ack = await Promise.race([answer, cut]);
    this.working--;
    if (ack?.ok && command === 'message.send' && this.socket === socket) this.receive(ack.data as Message);
    return ack;
  }

  /** Joins the room, with what is known of it. */
  async join(roomId: string): Promise<string> {
    const log = this.logs.get(roomId);
    const answer = await this.ask('room.join', { roomId, limit: PAGE, after: this.positionIn(log) });
    if (!answer?.ok) {
      // What is not reached any more is not known any more.
      if (answer) this.forget(roomId);
      return answer ? answer.error.code : 'lost';
    }
    const { room, ...page } = answer.data as Joined;
    this.see(room as RoomView);
    const streams = Object.fromEntries((this.isStaff ? STREAMS : ['public' as const]).map((stream) => [stream, []]));
    const known = log ?? { epoch: room.epoch, streams, isCatchingUp: false, isBehind: false };
    this.logs.set(roomId, known);
    this.take(roomId, known, page);
    return 'ok';
  }

  async leave(roomId: string): Promise<void> {
    this.forget(roomId);
    await this.ask('room.leave', { roomId });
  }

  forget(roomId: string): void {
    this.logs.delete(roomId);
    if (!this.isStaff) this.views.delete(roomId);
  }

  /** Rooms as they were just listed. What events told of since then counts for more. */
  listed(rooms: RoomView[], since: RoomView[]): void {
    this.views.clear();
    for (const room of [...rooms, ...since]) this.see(room);
  }

  /** From the first one: pages come the newest first otherwise. */
  private positionIn(log: RoomLog | undefined): object {
    const { epoch, streams } = log ?? { epoch: undefined, streams: {} };
    return {
      ...(epoch && { epoch }),
      public: streams.public?.length ?? 0,
      ...(this.isStaff && { internal: streams.internal?.length ?? 0 }),
    };
  }

  private take(roomId: string, log: RoomLog, { entries, hasMore, reset }: Catchup): void {
    if (reset) this.oddities.push(`${this.name}: was told to start over in ${roomId}`);
    for (const entry of entries) this.apply(log, entry);
    if (hasMore) void this.catchUp(roomId, log);
  }

  private apply(log: RoomLog, entry: Message): void {
    const entries = log.streams[entry.stream];
    if (!entries) {
      this.oddities.push(`${this.name} was told of the ${entry.stream} stream: ${JSON.stringify(entry)}`);
      return;
    }
    if (entry.seq > entries.length + 1) void this.catchUp(entry.roomId, log);
    else if (entry.seq === entries.length + 1) applied(entries, entry);
    else if (entries[entry.seq - 1]?.id !== entry.id) this.oddities.push(`${this.name}: another ${entry.stream} ${entry.seq}: ${entry.id}`);
  }

  private async catchUp(roomId: string, log: RoomLog): Promise<void> {
    log.isBehind = true;
    if (log.isCatchingUp) return;
    log.isCatchingUp = true;
    while (log.isBehind && this.isUp && this.logs.get(roomId) === log) {
      log.isBehind = false;
      const answer = await this.ask('room.sync', { roomId, after: this.positionIn(log), limit: PAGE });
      if (answer?.ok) this.take(roomId, log, answer.data as Catchup);
      else if (answer) this.forget(roomId);
    }
    log.isCatchingUp = false;
  }

  private receive(entry: Message): void {
    const log = this.logs.get(entry.roomId);
    if (log) this.apply(log, entry);
  }

  private hear(event: string, payload: any): void {
    if (!this.isStaff && /internal/i.test(JSON.stringify(payload)))
      this.oddities.push(`${this.name} heard ${event} ${JSON.stringify(payload)}`);
    if (event === 'message.created') this.receive(payload as Message);
    else if (event === 'message.updated') this.update(payload as Message);
    else if (event === 'room.created' || event === 'room.updated') this.see(payload as RoomView);
    else if (event === 'room.marked') this.mark(payload as MarkedEvent);
    else if (event === 'mention.created') this.mentions.push((payload as { message: Message }).message.id);
    else if (event === 'reach.changed') this.isListStale = true;
    else if (event === 'room.removed') {
      const { roomId } = payload as { roomId: string };
      this.logs.delete(roomId);
      this.views.delete(roomId);
    }
  }

  /** The new state of a message follows its entry. */
  private update(target: Message): void {
    const entries = this.logs.get(target.roomId)?.streams[target.stream];
    if (!entries?.[target.seq - 1]) return;
    entries[target.seq - 1] = target;
    if (target.deletedAt === null) return;
    entries.forEach((entry, at) => {
      if (entry.kind === 'edit' && entry.targetSeq === target.seq) entries[at] = gone(entry, target.deletedAt as string);
    });
  }

  see(room: RoomView): void {
    const known = this.views.get(room.id);
    const internalMarks = room.internalMarks && furthestMarks(known?.internalMarks ?? [], room.internalMarks);
    const marks = furthestMarks(known?.marks ?? [], room.marks);
    this.views.set(room.id, { ...known, ...room, marks, ...(internalMarks && { internalMarks }) });
    this.onView?.(room);
  }

  /** Told of every view, while rooms are listed. */
  onView: ((room: RoomView) => void) | undefined;

  private mark({ roomId, stream, ...mark }: MarkedEvent): void {
    const room = this.views.get(roomId);
    const field = stream === 'public' ? 'marks' : 'internalMarks';
    if (room) this.views.set(roomId, { ...room, [field]: furthestMarks(room[field] ?? [], [mark]) });
  }
}
