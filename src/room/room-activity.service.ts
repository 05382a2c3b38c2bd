import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Env } from '../config/env.js';
import { Chores } from '../database/chores.js';
import { EventBus } from '../event/event-bus.js';
import { FIRST_ID } from '../database/new-id.js';
import { Lull } from '../event/lull.js';
import { atMost } from '../time/at-most.js';

const INTERVAL_MS = 1_000;
const AT_ONCE = 1_000;
const REPAIRED_AT_ONCE = 5_000;
const HOUR_SECONDS = 3_600;
/** Who reads a list waits no longer than this for its order. */
const CATCH_UP_MS = 500;

/** Rooms that somebody holds are left for the next time: whoever claims one must not wait for the order of a list. */
const MOVE = `
WITH held AS (SELECT id FROM room WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED),
  moved AS (UPDATE room r SET active_at = c.active_at FROM held JOIN stream_counter c ON c.room_id = held.id
    WHERE r.id = held.id AND r.active_at < c.active_at)
SELECT id FROM held`;

/** The next rooms by id, and whether each is behind. */
const COMPARE = `
SELECT r.id, c.active_at > r.active_at AS "isBehind" FROM room r JOIN stream_counter c ON c.room_id = r.id
  WHERE r.id > $1 ORDER BY r.id LIMIT ${REPAIRED_AT_ONCE}`;

/**
 * Keeps when something last happened in a room where lists sort by it: at once on a quiet server, within a second on a busy
 * one, in one statement for all rooms of that second. Every server may do it for every room, since it only moves forward.
 */
@Injectable()
export class RoomActivity implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RoomActivity.name);
  private behind = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private moving: Promise<void> | undefined;
  private movedAt = 0;
  private isClosed = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly lull: Lull,
    events: EventBus,
    chores: Chores,
  ) {
    events.onOwn('message.created', ({ roomId }) => this.note(roomId));
    chores.add({ name: 'repair room order', everySeconds: HOUR_SECONDS, work: (isStopping) => this.repair(isStopping) });
  }

  /** A server that was killed had not moved its last rooms. */
  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.moving = this.repair(() => this.isClosed)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the order of rooms could not be repaired; it is tried again'))
      .finally(() => this.rest());
  }

  /**
   * Moves the rooms of which this server knows that they are behind, for whoever asks for the order now. What takes too long, or
   * comes in a rush of messages, has its turn later.
   */
  async catchUp(): Promise<void> {
    if (!this.lull.isNow || (this.behind.size === 0 && !this.moving)) return;
    await atMost(CATCH_UP_MS, this.moveNow());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.moving;
    await this.move();
  }

  /** This runs for every entry. */
  private note(roomId: string): void {
    this.behind.add(roomId);
    this.timer ??= this.moving ? undefined : this.wake();
  }

  private wake(): NodeJS.Timeout {
    return setTimeout(
      () => {
        this.moving = this.move().finally(() => this.rest());
      },
      Math.max(0, this.movedAt + INTERVAL_MS - performance.now()),
    ).unref();
  }

  private async moveNow(): Promise<void> {
    await this.moving;
    if (this.behind.size === 0 || this.isClosed) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    await (this.moving ??= this.move().finally(() => this.rest()));
  }

  private rest(): void {
    this.moving = undefined;
    this.timer = this.behind.size > 0 && !this.isClosed ? this.wake() : undefined;
  }

  private async move(): Promise<void> {
    this.movedAt = performance.now();
    const asked = [...this.behind];
    try {
      while (asked.length > 0) {
        const ids = asked.splice(0, AT_ONCE);
        // Before the counters are read: what comes from now on is noted anew.
        for (const id of ids) this.behind.delete(id);
        const held = new Set((await this.dataSource.query<{ id: string }[]>(MOVE, [ids])).map(({ id }) => id));
        for (const id of ids) if (!held.has(id)) this.behind.add(id);
      }
    } catch (error) {
      // Those of the statement that failed are found by the hourly repair, the others by the next try.
      this.logger.warn({ err: error }, 'rooms could not be moved up their lists; trying again');
    }
  }

  private async repair(isStopping: () => boolean): Promise<void> {
    for (let after = FIRST_ID, isDone = false; !isDone && !isStopping();) {
      const rooms = await this.dataSource.query<{ id: string; isBehind: boolean }[]>(COMPARE, [after]);
      const ids = rooms.filter(({ isBehind }) => isBehind).map(({ id }) => id);
      if (ids.length > 0) await this.dataSource.query(MOVE, [ids]);
      after = rooms.at(-1)?.id ?? after;
      isDone = rooms.length < REPAIRED_AT_ONCE;
    }
  }
}
