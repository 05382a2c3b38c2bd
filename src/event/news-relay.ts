import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Env } from '../config/env.js';
import { newId } from '../database/new-id.js';
import { RedisConnection } from '../redis/redis.connection.js';
import { atMost } from '../time/at-most.js';
import { EventBus } from './event-bus.js';
import { crosses, type News } from './news.js';
import { NewsPost, type NewsLetter } from './news-letter.js';

/** A server writes at least this often. */
const BEAT_MS = 1_000;
/** How long its own letters may take to come back before Redis counts as away. */
const PATIENCE_MS = 3_000;
/** After so long without a letter a server counts as gone. */
const SILENCE_MS = 10_000;
/** For so long a server that fell silent may still be at work, only cut off from Redis. */
const DOUBT_MS = 600_000;
/** How often the database is looked at while news may be missing. */
const LOOK_MS = 2_000;
/** How long a start waits for Redis. */
const START_PATIENCE_MS = 1_000;

const CHANNEL = 'news';

interface Peer {
  number: number;
  heardAt: number;
  isGone: boolean;
}

/**
 * Tells the other servers of this database what happens on this one, and hears what happens there, over one channel of Redis.
 * A doorbell, not a mailbox: a letter may be lost. But each carries its number and there is one at least each second, so that
 * a loss shows within a second, and is told as `news.lost`; who then looks at the database is right again.
 */
@Injectable()
export class NewsRelay implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(NewsRelay.name);
  private readonly nodeId = newId();
  private readonly peers = new Map<string, Peer>();
  private readonly startedAt = performance.now();
  private post: NewsPost | undefined;
  private outbox: News[] = [];
  private number = 0;
  /** Whether this server lacks what is in no database, and whether another one does. */
  private isAsking = true;
  private isAsked = false;
  private isAway = true;
  private heardOwnAt = 0;
  private begunAt = performance.now();
  private beatAt = performance.now();
  private lookedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private proven: () => void = () => undefined;

  constructor(
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly redis: RedisConnection,
  ) {}

  async onModuleInit(): Promise<void> {
    const { JWT_ACCESS_SECRET } = this.env;
    if (!this.redis.isConfigured || JWT_ACCESS_SECRET === undefined) return;
    this.post = new NewsPost(JWT_ACCESS_SECRET);
    const isProven = new Promise<void>((done) => (this.proven = done));
    await this.redis.open(
      CHANNEL,
      (text) => this.hear(text),
      () => this.flush(),
    );
    this.events.relayBy((name, event) => {
      if (!crosses(name, event)) return;
      // What one turn told of leaves as one letter.
      if (this.outbox.length === 0) setImmediate(() => this.outbox.length > 0 && this.flush());
      this.outbox.push([name, event] as News);
    });
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
    await atMost(START_PATIENCE_MS, isProven);
    if (this.isAway) this.logger.warn('Redis does not answer: servers hear of each other by the database alone');
  }

  onModuleDestroy(): void {
    if (!this.post) return;
    clearInterval(this.timer);
    this.flush(true);
    this.post = undefined;
  }

  private flush(isLast = false): void {
    const { post } = this;
    if (!post) return;
    const news = this.outbox;
    this.outbox = [];
    const letter: NewsLetter = { from: this.nodeId, number: this.number + 1, isAsking: this.isAsking, isLast, news };
    const isSent = this.redis.publish(CHANNEL, () => post.seal(letter));
    // The number of what could not be sent is missed by the others, who then look at the database.
    if (isSent || news.length > 0) this.number++;
  }

  private beat(): void {
    const now = performance.now();
    // Letters that came while this process stood still are not read yet.
    const isLate = now - this.beatAt > PATIENCE_MS;
    this.beatAt = now;
    if (this.isAsked) {
      this.isAsked = false;
      this.events.tell('news.asked', {}, this.nodeId);
    }
    this.flush();
    if (isLate) return;
    if (now - Math.max(this.heardOwnAt, this.begunAt) > PATIENCE_MS) this.beginAnew(now);
    for (const [nodeId, { heardAt, isGone }] of this.peers) {
      if (!isGone && now - heardAt > SILENCE_MS) this.gone(nodeId);
      if (now - heardAt > DOUBT_MS) this.peers.delete(nodeId);
    }
    const isInDoubt = this.isAway || [...this.peers.values()].some(({ isGone }) => isGone);
    if (isInDoubt && now - this.lookedAt >= LOOK_MS) this.look(this.lookedAt, false);
  }

  private beginAnew(now: number): void {
    if (!this.isAway) this.lookedAt = Math.min(this.lookedAt, this.heardOwnAt);
    this.isAway = true;
    this.begunAt = now;
    this.redis.prove(false);
  }

  private hear(text: string): void {
    const letter = this.post?.open(text);
    if (!letter) return;
    if (letter.from === this.nodeId) {
      this.heardOwn(letter);
      return;
    }
    const peer = this.peers.get(letter.from);
    if (peer && letter.number <= peer.number) return;
    this.peers.set(letter.from, { number: letter.number, heardAt: performance.now(), isGone: false });
    // What one that had been given up had told is forgotten.
    if (letter.number !== (peer?.number ?? 0) + 1 || peer?.isGone)
      this.lost(peer?.heardAt ?? Math.max(this.startedAt, performance.now() - DOUBT_MS));
    for (const [name, event] of letter.news) this.events.tell(name, event, letter.from);
    this.isAsked ||= letter.isAsking;
    if (!letter.isLast) return;
    this.gone(letter.from);
    this.peers.delete(letter.from);
  }

  private heardOwn({ isAsking }: NewsLetter): void {
    this.heardOwnAt = performance.now();
    // The others have heard the question as well.
    if (isAsking) this.isAsking = false;
    if (!this.isAway) return;
    this.isAway = false;
    this.redis.prove(true);
    this.proven();
    this.lost(this.lookedAt);
  }

  /** For what is in no database the servers ask each other; all else is read again. */
  private lost(since: number): void {
    this.isAsking = true;
    this.isAsked = true;
    this.look(since, true);
  }

  private look(since: number, isOver: boolean): void {
    this.lookedAt = performance.now();
    // Times here are by a clock that nobody puts forward or back, the listeners' are times of day.
    this.events.tell('news.lost', { since: Math.floor(Date.now() - (this.lookedAt - since)), isOver }, this.nodeId);
  }

  private gone(nodeId: string): void {
    const peer = this.peers.get(nodeId);
    if (peer) peer.isGone = true;
    this.events.tell('node.left', { nodeId }, nodeId);
  }
}
