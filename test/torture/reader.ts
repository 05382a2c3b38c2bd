import { setTimeout as sleep } from 'node:timers/promises';
import { STREAMS, type Catchup, type Message, type Stream } from '../../src/contract/message.js';
import type { Joined } from '../../src/contract/room.js';
import type { Connection } from './connection.js';
import { lineOf, type LiveRun, type Recorder } from './history.js';

const PAGE = 50;
const RETRY_MS = 50;

interface StreamCopy {
  lines: string[];
  /** Came before the one that is next. */
  early: Map<number, Message>;
  /** What this life of the connection heard. */
  heard: LiveRun | undefined;
}

interface RoomCopy {
  epoch: string | undefined;
  copies: Partial<Record<Stream, StreamCopy>>;
  joinedOn: string;
  isCatchingUp: boolean;
  isBehind: boolean;
}

/** A client that follows the rule of the contract: drop what is applied, take what is next, sync over a gap. */
export class Reader {
  private readonly rooms = new Map<string, RoomCopy>();

  /** `isSilent` says that nothing is sent over this connection, so that it hears every entry as an event. */
  constructor(
    readonly connection: Connection,
    roomIds: string[],
    isCustomer: boolean,
    private readonly isSilent: boolean,
    private readonly recorder: Recorder,
  ) {
    const streams = isCustomer ? (['public'] as const) : STREAMS;
    for (const roomId of roomIds) {
      const copies: RoomCopy['copies'] = {};
      for (const stream of streams) {
        const lines: string[] = [];
        recorder.history.applied.push({ reader: connection.name, roomId, stream, lines });
        copies[stream] = { lines, early: new Map(), heard: undefined };
      }
      this.rooms.set(roomId, { epoch: undefined, copies, joinedOn: '', isCatchingUp: false, isBehind: false });
    }
    connection.on('connect', () => this.joinAll());
    connection.on('message.created', (message: Message) => this.hear(message));
    if (isCustomer) connection.onAny((event, payload) => this.lookForLeaks(event, payload));
  }

  /** An entry that came as an answer counts as received. */
  receive(message: Message): void {
    const room = this.rooms.get(message.roomId);
    const copy = room?.copies[message.stream];
    if (!room || !copy) return;
    this.apply(copy, message);
    if (copy.early.size > 0) void this.catchUp(message.roomId, room);
  }

  /** Whether every stream was applied up to where it ends. */
  hasReached(ends: Map<string, number>): boolean {
    return [...this.rooms].every(([roomId, { copies }]) =>
      Object.entries(copies).every(([stream, { lines }]) => lines.length >= (ends.get(`${stream} of ${roomId}`) ?? 0)),
    );
  }

  private joinAll(): void {
    for (const [roomId, room] of this.rooms) void this.catchUp(roomId, room);
  }

  private hear(message: Message): void {
    this.rooms.get(message.roomId)?.copies[message.stream]?.heard?.seqs.push(message.seq);
    this.receive(message);
  }

  private apply(copy: StreamCopy, message: Message): void {
    if (message.seq > copy.lines.length) copy.early.set(message.seq, message);
    for (let next = copy.early.get(copy.lines.length + 1); next; next = copy.early.get(copy.lines.length + 1)) {
      copy.lines.push(lineOf(next));
      copy.early.delete(next.seq);
    }
  }

  /** Joins on a new life of the connection, syncs on a known one, until nothing is missing. */
  private async catchUp(roomId: string, room: RoomCopy): Promise<void> {
    room.isBehind = true;
    if (room.isCatchingUp) return;
    room.isCatchingUp = true;
    while (room.isBehind) {
      room.isBehind = false;
      await this.connection.up();
      if (!(await this.page(roomId, room))) {
        room.isBehind = true;
        await sleep(RETRY_MS);
      }
    }
    room.isCatchingUp = false;
  }

  private async page(roomId: string, room: RoomCopy): Promise<boolean> {
    const { life } = this.connection;
    const after: Record<string, number | string | undefined> = { epoch: room.epoch };
    for (const [stream, { lines }] of Object.entries(room.copies)) after[stream] = lines.length;
    const isJoin = room.joinedOn !== life;
    if (isJoin) this.startListening(roomId, room, life);
    const reply = await this.connection.ask<Catchup & Partial<Joined>>(isJoin ? 'room.join' : 'room.sync', { roomId, after, limit: PAGE });
    if (reply.kind === 'refused' && reply.code !== 'unavailable') this.recorder.odd(`${life}: a page was refused with ${reply.code}`);
    if (reply.kind !== 'ok') {
      // Not joined, so nothing is owed.
      if (isJoin) for (const { heard } of Object.values(room.copies)) heard?.seqs.splice(0);
      return false;
    }
    const { room: view, entries, hasMore, reset } = reply.result;
    room.epoch ??= view?.epoch;
    if (isJoin) room.joinedOn = life;
    if (reset) {
      this.recorder.odd(`${life}: was told to start over at ${JSON.stringify(after)}`);
      return true;
    }
    for (const entry of entries) {
      const copy = room.copies[entry.stream];
      if (copy) this.apply(copy, entry);
    }
    for (const copy of Object.values(room.copies)) {
      if (isJoin && !hasMore && copy.heard) copy.heard.joinedAt = copy.lines.length;
      if (copy.early.size > 0) room.isBehind = true;
    }
    room.isBehind ||= hasMore;
    return true;
  }

  private startListening(roomId: string, { copies }: RoomCopy, life: string): void {
    if (!this.isSilent) return;
    for (const [stream, copy] of Object.entries(copies) as [Stream, StreamCopy][]) {
      copy.heard = { reader: this.connection.name, connection: life, roomId, stream, joinedAt: null, seqs: [] };
      this.recorder.history.live.push(copy.heard);
    }
  }

  private lookForLeaks(event: string, payload: unknown): void {
    if (/internal|secret/.test(JSON.stringify(payload)))
      this.recorder.odd(`${this.connection.name} heard ${event}: ${JSON.stringify(payload)}`);
  }
}
