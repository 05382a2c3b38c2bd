import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Env } from '../config/env.js';
import { Chores } from '../database/chores.js';
import { EventBus } from '../event/event-bus.js';
import { Lull } from '../event/lull.js';
import { isLockTimeout, isStatementTimeout } from '../database/timeout.js';
import { FIRST_ID } from '../database/new-id.js';
import { atMost } from '../time/at-most.js';

const PAUSE_MS = 1_000;
/** Of a busy server it takes a tenth of the time at most: who searches can wait a little, who writes should not. */
const REST = 9;
const LONGEST_PAUSE_MS = 30_000;
/** Who searches waits no longer than this for what was said just before. */
const REFRESH_MS = 1_000;
const ROOMS_AT_ONCE = 200;
/** Of one transaction, since a server that indexes the same business waits for it. */
const ENTRIES_AT_ONCE = 2_000;
/** So many are indexed in one statement even on a machine that has no time. */
const FEWEST_ENTRIES = 50;
const CATCH_UP = 'search.catch_up';

/** Of the next rooms after $1 those whose streams have gone on since they were indexed, and where to go on. */
const BEHIND = `
SELECT coalesce(array_agg(c.room_id) FILTER (WHERE c.public_seq > coalesce(p.public_seq, 0) OR c.internal_seq > coalesce(p.internal_seq, 0)), '{}') AS rooms,
    (array_agg(c.room_id ORDER BY c.room_id DESC))[1] AS last
  FROM (SELECT room_id, public_seq, internal_seq FROM stream_counter WHERE room_id > $1 ORDER BY room_id LIMIT 5000) c
  LEFT JOIN search_position p ON p.room_id = c.room_id`;

/** How far the index has come in these rooms. */
const COME = 'SELECT coalesce(sum(public_seq + internal_seq), 0)::text AS far FROM search_position WHERE room_id = ANY ($1)';

/** The index and where it stands move together: what a crash takes away is found again, so nobody waits for the disk. */
const FOLLOW = "SELECT set_config('synchronous_commit', 'off', true), follow_streams($1, $2) AS left";

interface Behind {
  rooms: string[];
  last: string | null;
}

/**
 * Indexes what is said, about a second after it was stored or when somebody searches, so that whoever writes does not wait for it
 * and many messages are indexed at once; on a server under a rush of messages when that is over. Where the index stands in each
 * room is kept beside it and moves with it, so that whatever a killed server leaves behind, or a lost signal, is found by
 * comparing the two.
 */
@Injectable()
export class SearchIndexer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SearchIndexer.name);
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();
  private isClosed = false;
  /** How many entries one statement takes: fewer after one that took too long. */
  private pace = ENTRIES_AT_ONCE;

  constructor(
    private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly lull: Lull,
    events: EventBus,
    chores: Chores,
  ) {
    events.onOwn('message.created', ({ roomId }) => void this.waiting.add(roomId));
    chores.add({ name: CATCH_UP, everySeconds: 60, work: (isStopping) => this.catchUp(isStopping) });
  }

  /** Takes messages out of the index with the deletion itself. */
  async forget(tx: EntityManager, messageIds: string[]): Promise<void> {
    await tx.query('DELETE FROM search_message WHERE message_id = ANY ($1)', [messageIds]);
  }

  /**
   * Indexes what this server stored before, in one room or in all, for whoever searches there now. What takes too long, fails, or
   * comes in a rush has its turn later.
   */
  async refresh(roomId: string | null): Promise<void> {
    await atMost(REFRESH_MS, this.next(roomId));
  }

  onApplicationBootstrap(): void {
    if (!this.env.isCommand) this.wait();
  }

  onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    return this.last;
  }

  private wait(pauseMs = PAUSE_MS): void {
    this.timer = setTimeout(() => {
      const since = performance.now();
      void this.next().then(() => {
        if (!this.isClosed) this.wait(Math.min(Math.max(PAUSE_MS, REST * (performance.now() - since)), LONGEST_PAUSE_MS));
      });
    }, pauseMs).unref();
  }

  private next(roomId: string | null = null): Promise<void> {
    this.last = this.last.then(() => this.work(roomId));
    return this.last;
  }

  private async work(roomId: string | null): Promise<void> {
    if (!this.lull.isNow) return;
    const rooms = [...this.waiting].filter((id) => roomId === null || id === roomId);
    for (const id of rooms) this.waiting.delete(id);
    for (let from = 0; from < rooms.length; from += ROOMS_AT_ONCE) {
      const batch = rooms.slice(from, from + ROOMS_AT_ONCE);
      if (this.isClosed) return;
      try {
        // What is left of them, or is in another server's hands, has its turn with the next ones.
        for (const id of await this.follow(batch)) this.waiting.add(id);
      } catch (error) {
        for (const id of batch) this.waiting.add(id);
        this.logger.warn({ err: error }, 'messages could not be indexed; trying again');
      }
    }
  }

  /** What no signal told of. A room that another server has in hand is left to it. */
  private async catchUp(isStopping: () => boolean): Promise<void> {
    for (let after: string | null = FIRST_ID; after !== null && !isStopping();) {
      const [behind]: Behind[] = await this.dataSource.query<Behind[]>(BEHIND, [after]);
      const rooms = behind?.rooms ?? [];
      for (let from = 0; from < rooms.length; from += ROOMS_AT_ONCE)
        await this.followToEnd(rooms.slice(from, from + ROOMS_AT_ONCE), isStopping);
      after = behind?.last ?? null;
    }
  }

  private async followToEnd(rooms: string[], isStopping: () => boolean): Promise<void> {
    let left = rooms;
    for (let before = ''; left.length > 0 && !isStopping() && this.lull.isNow;) {
      left = await this.follow(left);
      const [come] = await this.dataSource.query<{ far: string }[]>(COME, [left]);
      const now = `${this.pace} ${left.join()} ${come?.far}`;
      if (now === before) return;
      before = now;
    }
  }

  private async follow(rooms: string[]): Promise<string[]> {
    if (rooms.length === 0) return [];
    const most = Math.ceil(this.pace / rooms.length);
    try {
      const [row] = await this.dataSource.query<{ left: string[] }[]>(FOLLOW, [rooms, most]);
      this.pace = Math.min(ENTRIES_AT_ONCE, this.pace * 2);
      return row?.left ?? [];
    } catch (error) {
      // The database is too busy for that many.
      if (isStatementTimeout(error) && this.pace > FEWEST_ENTRIES) {
        this.pace = Math.max(FEWEST_ENTRIES, Math.floor(this.pace / 4));
        return rooms;
      }
      // Another server has them, or their business, in hand for longer than a lock is waited for.
      if (isLockTimeout(error)) return rooms;
      throw error;
    }
  }
}
