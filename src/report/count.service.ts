import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Env } from '../config/env.js';
import { Chores } from '../database/chores.js';
import { FIRST_ID } from '../database/new-id.js';
import { isLockTimeout } from '../database/timeout.js';
import { EventBus } from '../event/event-bus.js';
import { Lull } from '../event/lull.js';
import { DAY_MS } from '../time/zone.js';
import { ADVANCE, BEGIN, BEHIND, HOLD, LINES, SETTINGS, TALLY, TELL } from './count.statements.js';
import { fold, type Line, type Milestone, type Progress } from './fold.js';

const PAUSE_MS = 5_000;
/** So long a report waits for what is not counted yet. */
const CATCH_UP_MS = 3_000;
const SWEEP_SECONDS = 60;
const ROOMS_AT_ONCE = 200;
const ENTRIES_AT_ONCE = 1_000;
/** Whoever sweeps once a minute and looks back a day has not missed anything. */
const SWEPT_MS = DAY_MS;

type Times = 'openedAt' | 'askedAt';
type Held = Omit<Progress, Times> &
  Record<Times, Date | null> & { id: string; business: string; seq: number; upto: number; hasMore: boolean };
interface Behind {
  rooms: string[] | null;
  last: string | null;
}
type ReadLine = Omit<Line, 'at'> & { room: string; at: Date };

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/**
 * Counts what reports tell, behind the public streams: each room from the entry where it stands, under its lock and with what
 * is counted in one transaction, so that nothing is counted twice or left out, whichever server does it or is killed
 * meanwhile. Messages wake it, within seconds; what a killed server was woken for is found by a sweep.
 */
@Injectable()
export class CountService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CountService.name);
  private due = new Set<string>();
  private last: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private hasSweptAll = false;
  private isClosed = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly lull: Lull,
    events: EventBus,
    chores: Chores,
  ) {
    events.onOwn('room.created', ({ roomId }) => this.due.add(roomId));
    events.onOwn('message.created', ({ roomId, stream }) => stream === 'public' && this.due.add(roomId));
    chores.add({
      name: 'count for reports',
      everySeconds: SWEEP_SECONDS,
      work: (isStopping) => this.sweep(() => isStopping() || !this.lull.isNow),
    });
  }

  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.timer = setInterval(() => void this.next(() => !this.lull.isNow), PAUSE_MS).unref();
  }

  onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    return this.last;
  }

  /** Counts what this server was told of before, for a few seconds at most. What fails or is left is counted later. */
  catchUp(): Promise<void> {
    const patience = AbortSignal.timeout(CATCH_UP_MS);
    const isOver = new Promise<void>((done) => patience.addEventListener('abort', () => done()));
    return Promise.race([this.next(() => patience.aborted), isOver]);
  }

  /** Forgets all that was counted and counts it anew, for all businesses; from how many rooms. @throws Error of the driver. */
  async recount(): Promise<number> {
    await this.dataSource.query('TRUNCATE room_progress, milestone, message_tally');
    this.hasSweptAll = false;
    await this.sweep(() => this.isClosed);
    const [counted] = await this.dataSource.query<{ rooms: number }[]>('SELECT count(*)::integer AS rooms FROM room_progress');
    return counted?.rooms ?? 0;
  }

  /** The same for one business. */
  async recountOf(businessId: string): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      for (const table of ['room_progress', 'milestone', 'message_tally'])
        await tx.query(`DELETE FROM ${table} WHERE business_id = $1`, [businessId]);
    });
    const rooms = await this.dataSource.query<{ id: string }[]>('SELECT id FROM room WHERE business_id = $1', [businessId]);
    await this.countAll(rooms.map(({ id }) => id));
  }

  /** Finds rooms that are behind: the first time among all, then among those that something came into lately. */
  private async sweep(isStopping: () => boolean): Promise<void> {
    const since = this.hasSweptAll ? new Date(Date.now() - SWEPT_MS) : '-infinity';
    for (let after: string | null = FIRST_ID; after !== null;) {
      if (isStopping()) return;
      const [found]: Behind[] = await this.dataSource.query<Behind[]>(BEHIND, [after, since]);
      const left = await this.countAll(found?.rooms ?? [], isStopping);
      if (left.length > 0) return;
      after = found?.last ?? null;
    }
    this.hasSweptAll = true;
  }

  /** Of what has to stop, such as in a rush, the rest has its turn later. */
  private next(isStopping: () => boolean): Promise<void> {
    this.last = this.last.then(() => this.countDue(isStopping));
    return this.last;
  }

  private async countDue(isStopping: () => boolean): Promise<void> {
    const rooms = [...this.due];
    this.due = new Set();
    try {
      for (const room of await this.countAll(rooms, isStopping)) this.due.add(room);
    } catch (error) {
      this.logger.warn({ err: error }, 'rooms could not be counted for reports; a sweep finds them');
    }
  }

  /** Counts these rooms to their ends; those that were left when it had to stop. */
  private async countAll(rooms: string[], isStopping = (): boolean => false): Promise<string[]> {
    let left = rooms;
    while (left.length > 0 && !this.isClosed && !isStopping()) {
      const rest = left.slice(ROOMS_AT_ONCE);
      left = [...rest, ...(await this.tryCount(left.slice(0, ROOMS_AT_ONCE)))];
    }
    return left;
  }

  /** What another server has in hand for longer than a lock is waited for is tried again. */
  private tryCount(rooms: string[]): Promise<string[]> {
    return this.count(rooms).catch((error: unknown) => {
      if (isLockTimeout(error)) return rooms;
      throw error;
    });
  }

  /** Goes on with these rooms; those that have more to count. */
  private count(rooms: string[]): Promise<string[]> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query(SETTINGS);
      await tx.query(BEGIN, [rooms]);
      const held = await tx.query<Held[]>(HOLD, [rooms, ENTRIES_AT_ONCE]);
      if (held.length === 0) return [];
      const steps = [held.map(({ id }) => id), held.map(({ seq }) => seq), held.map(({ upto }) => upto)];
      const lines = new Map<string, Line[]>(held.map(({ id }) => [id, []]));
      for (const { room, at, ...line } of await tx.query<ReadLine[]>(LINES, [...steps, held.map(({ isAnswered }) => isAnswered)])) {
        lines.get(room)?.push({ ...line, at: at.getTime() });
      }
      const done = held.map((room) => ({ room, ...this.step(room, lines.get(room.id) ?? []) }));
      await tx.query(TALLY, steps);
      const told = done.flatMap(({ room, milestones }) =>
        milestones.map(({ at, agentId, ...rest }) => ({ business: room.business, room: room.id, at: timeOf(at), agent: agentId, ...rest })),
      );
      if (told.length > 0) await tx.query(TELL, [JSON.stringify(told)]);
      const advanced = done.map(({ room: { id, upto }, progress }) => {
        const { openedAt, askedAt, ...rest } = progress;
        return { room: id, seq: upto, openedAt: timeOf(openedAt), askedAt: timeOf(askedAt), ...rest };
      });
      await tx.query(ADVANCE, [JSON.stringify(advanced)]);
      return held.filter(({ hasMore }) => hasMore).map(({ id }) => id);
    });
  }

  private step(
    { seq, openedAt, askedAt, isAnswered, isTaken, holderId }: Held,
    lines: Line[],
  ): { progress: Progress; milestones: Milestone[] } {
    const before = { openedAt: openedAt?.getTime() ?? null, askedAt: askedAt?.getTime() ?? null, isAnswered, isTaken, holderId };
    const { progress, milestones } = fold(before, lines);
    if (seq >= 0 || before.openedAt === null) return { progress, milestones };
    return { progress, milestones: [{ seq: 0, kind: 'opened', at: before.openedAt, agentId: null, ms: null }, ...milestones] };
  }
}
