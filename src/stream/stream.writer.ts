import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { Message } from '../contract/message.js';
import { isClash, retried } from '../database/clash.js';
import { poolOf } from '../database/data-source.js';
import { preparedRows } from '../database/prepared.js';
import { isLockTimeout } from '../database/timeout.js';
import { BY_KEY } from '../database/planning.js';
import { AppError } from '../error/app-error.js';
import { isDatabaseAway } from '../error/normalise-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { Metrics, type Spread, type Tally } from '../metrics/metrics.js';
import { LateAnswer } from './late-answer.js';
import { MessageBatch, type LaneRow } from './message-batch.js';
import { freshMessage, toArguments, type NewEntry, type Verdict } from './new-entry.js';

/** What became of a message: stored now, or there already under the same key. */
type Appended = { isNew: true; message: Message } | { isNew: false };

interface Waiting {
  entry: NewEntry;
  settle: (appended: Appended) => void;
  refuse: (error: AppError | LateAnswer) => void;
}

const REFUSALS = {
  mismatch: 'message.idempotency_mismatch',
  missing: 'room.not_found',
  denied: 'access.denied',
  closed: 'room.closed',
  unknown_file: 'upload.not_found',
  used_file: 'upload.not_attachable',
} as const;

const APPEND = { name: 'append_entries', text: 'SELECT * FROM append_entries($1, $2, $3, $4)' };

/** The same for a batch in which somebody is named, who finds it under its own name then. To name oneself is nothing to be told of. */
const APPEND_NAMING = {
  name: 'append_naming',
  text: `
WITH judged AS MATERIALIZED (
  SELECT * FROM append_entries($1, $2, $3, $4) WITH ORDINALITY
), named AS (
  INSERT INTO mention (user_id, message_id, room_id)
    SELECT person, e.id, e.room
      FROM ROWS FROM (json_to_recordset($3::json) AS (id uuid, room uuid, sender uuid, mentions uuid[])) WITH ORDINALITY
        AS e (id, room, sender, mentions, ord)
      JOIN judged j ON j.ordinality = e.ord AND j.verdict = 'stored'
      CROSS JOIN LATERAL unnest(e.mentions) AS person
      WHERE person <> e.sender
)
SELECT * FROM judged ORDER BY ordinality`,
};

const namesSomebody = (entries: NewEntry[]): boolean => entries.some(({ mentions }) => mentions?.length);

const MAX_BATCH = 256;
const MAX_BATCH_CHARACTERS = 1_000_000;
/** Messages that may wait for the database, about two seconds of the most it can take; more are told to come back. */
const MAX_WAITING = 5_000;

/**
 * The one write path of the streams. While a commit is under way the next messages gather, and go in together in the next
 * one: an idle server commits at once, a busy one in larger batches, and nobody waits for a timer.
 */
@Injectable()
export class StreamWriter implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(StreamWriter.name);
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private client: PoolClient | undefined;
  private isClosed = false;

  private readonly outcomes: Tally;
  private readonly batchSizes: Spread;
  private readonly commitSeconds: Spread;

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.tally('parley_sends_total');
    this.batchSizes = metrics.spread('parley_writer_batch_messages');
    this.commitSeconds = metrics.spread('parley_writer_commit_seconds');
    metrics.from('parley_writer_waiting_messages', () => this.waiting.length);
  }

  /**
   * Stores a message of a person or of the machine. Resolves after the commit and after its event was told; entries are stored in the order of
   * the calls. A repeat of an earlier message under the same key resolves with `isNew: false` and writes nothing.
   * @throws AppError `message.idempotency_mismatch`, `room.not_found`, `access.denied`, `room.closed`, `upload.not_found`,
   *   `upload.not_attachable`, or `unavailable` when the queue is full or the outcome is unknown, so that the same message may be sent again.
   */
  append(entry: NewEntry): Promise<Appended> {
    if (this.isClosed || this.waiting.length >= MAX_WAITING) {
      this.outcomes.add('unavailable');
      return Promise.reject(new AppError('unavailable', { message: 'The server takes no more messages right now' }));
    }
    return new Promise((settle, refuse) => {
      this.waiting.push({ entry, settle, refuse });
      // Not before the other sockets of this turn were read: their messages then share the commit.
      this.running ??= new Promise((go) => setImmediate(go)).then(() => this.run());
    });
  }

  /** Appends entries that a transaction has decided on, inside that transaction; their events are told after its commit. */
  async appendIn(tx: EntityManager, publish: Publish, entries: NewEntry[]): Promise<number[]> {
    const verdicts = await tx.query<Verdict[]>(APPEND.text, toArguments(entries));
    return entries.map(({ businessId, roomId, stream }, index) => {
      const verdict = verdicts[index];
      if (verdict?.verdict !== 'stored') throw new AppError('room.not_found');
      publish('message.created', { businessId, roomId, stream, seq: verdict.seq, message: null });
      return verdict.seq;
    });
  }

  /** Lets nobody else append to these rooms until the transaction ends. */
  async hold(tx: EntityManager, roomIds: string[]): Promise<void> {
    await tx.query('SELECT 1 FROM stream_counter WHERE room_id = ANY ($1::uuid[]) ORDER BY room_id FOR UPDATE', [roomIds]);
  }

  /** Takes the writer's own connection before anybody else can need all of them. */
  async onModuleInit(): Promise<void> {
    await this.connection();
  }

  /** Stores what still waits, then gives the connection back and takes nothing more. */
  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    while (this.running) await this.running;
    this.client?.release();
    this.client = undefined;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.take();
      try {
        const began = performance.now();
        const verdicts = await this.write(batch);
        this.commitSeconds.note((performance.now() - began) / 1000);
        this.batchSizes.note(batch.length);
        this.settle(batch, verdicts);
      } catch (error) {
        await this.rescue(batch, error);
      }
    }
    this.running = undefined;
  }

  /** The next batch, in order. What has the key of another one in the batch, or a file of it, stays back: the next one finds that stored. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const heldBack: Waiting[] = [];
    const keys = new Set<string>();
    let characters = 0;
    let index = 0;
    for (; index < this.waiting.length && batch.length < MAX_BATCH && characters < MAX_BATCH_CHARACTERS; index++) {
      const next = this.waiting[index] as Waiting;
      const { clientMessageId = '', body, attachments } = next.entry;
      if (keys.has(clientMessageId) || attachments?.some(({ id }) => keys.has(id))) {
        heldBack.push(next);
        continue;
      }
      keys.add(clientMessageId);
      for (const { id } of attachments ?? []) keys.add(id);
      batch.push(next);
      characters += body?.length ?? 0;
    }
    this.waiting = [...heldBack, ...this.waiting.slice(index)];
    return batch;
  }

  private async write(batch: Waiting[]): Promise<Verdict[]> {
    const entries = batch.map(({ entry }) => entry);
    try {
      return await retried(async () => {
        const client = await this.connection();
        return (
          (await this.writeMessages(client, entries)) ??
          (await preparedRows<Verdict>(client, { ...(namesSomebody(entries) ? APPEND_NAMING : APPEND), values: toArguments(entries) }))
        );
      });
    } catch (error) {
      throw isClash(error) ? new AppError('unavailable', { cause: error }) : error;
    }
  }

  /** The short way, for a batch of nothing but new texts into open rooms; undefined when it is not that. */
  private async writeMessages(client: PoolClient, entries: NewEntry[]): Promise<Verdict[] | undefined> {
    if (!entries.every(MessageBatch.takes)) return undefined;
    const batch = new MessageBatch(entries);
    return batch.verdicts(await preparedRows<LaneRow>(client, batch.statement));
  }

  private async connection(): Promise<PoolClient> {
    if (!this.client) {
      const client = await poolOf(this.dataSource).connect();
      client.once('error', () => this.drop(client));
      try {
        await client.query(BY_KEY);
      } catch (error) {
        client.release(true);
        throw error;
      }
      this.client = client;
    }
    return this.client;
  }

  /** A connection in an unknown state is not used again. */
  private drop(client: PoolClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.release(true);
  }

  private settle(batch: Waiting[], verdicts: Verdict[]): void {
    let repeated = 0;
    let refused = 0;
    const settled = batch.map(({ entry, settle, refuse }, index) => {
      const verdict = verdicts[index] as Verdict;
      if (verdict.woke_seq !== null) this.tellWoken(entry, verdict.woke_seq);
      if (verdict.verdict === 'repeated') {
        repeated++;
        return () => settle({ isNew: false });
      }
      if (verdict.verdict !== 'stored') {
        refused++;
        const error = verdict.verdict === 'late' ? new LateAnswer() : new AppError(REFUSALS[verdict.verdict]);
        return () => refuse(error);
      }
      const message = freshMessage(entry, verdict);
      const { businessId, roomId, stream } = entry;
      this.events.announce('message.created', { businessId, roomId, stream, seq: verdict.seq, message });
      return () => settle({ isNew: true, message });
    });
    this.count(batch.length - repeated - refused, repeated, refused);
    for (const answer of settled) answer();
  }

  private count(stored: number, repeated: number, refused: number): void {
    if (stored > 0) this.outcomes.add('stored', stored);
    if (repeated > 0) this.outcomes.add('repeated', repeated);
    if (refused > 0) this.outcomes.add('refused', refused);
  }

  private tellWoken({ businessId, roomId }: NewEntry, seq: number): void {
    this.events.announce('message.created', { businessId, roomId, stream: 'internal', seq, message: null });
    this.events.announce('queue.changed', { businessId });
    this.events.announce('room.updated', { businessId, roomId, isCustomerVisible: true });
  }

  /** A batch that failed as a whole: when the fault lies in one entry or one room, the others are tried singly. */
  private async rescue(batch: Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || (isDatabaseAway(error) && !isLockTimeout(error)) || error instanceof AppError) {
      this.giveUp(batch, error);
      return;
    }
    const stuckRooms = new Set<string>();
    for (const waiting of batch) {
      if (stuckRooms.has(waiting.entry.roomId)) {
        this.giveUp([waiting], new AppError('unavailable', { cause: error }));
        continue;
      }
      try {
        this.settle([waiting], await this.write([waiting]));
      } catch (singleError) {
        stuckRooms.add(waiting.entry.roomId);
        this.giveUp([waiting], singleError);
      }
    }
  }

  private giveUp(batch: Waiting[], error: unknown): void {
    // Whether the commit took place is not known; sending again under the same key is safe either way.
    const isPassing = isDatabaseAway(error) || error instanceof AppError;
    if (this.client && isDatabaseAway(error)) this.drop(this.client);
    if (!isPassing) this.logger.error({ err: error, entries: batch.length }, 'entries could not be stored');
    const code = isPassing ? 'unavailable' : 'internal';
    this.outcomes.add('unavailable', batch.length);
    for (const { refuse } of batch) refuse(new AppError(code, { cause: error }));
  }
}
