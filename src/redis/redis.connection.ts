import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import { DataSource } from 'typeorm';
import { Env } from '../config/env.js';

/** What is not answered in this time is taken for lost. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 3_000;
/** Commands under way; what comes on top while Redis is slow is dropped and not kept. */
const MOST_UNDER_WAY = 64;

/** For ever, longer and less evenly each time, so that the servers do not all come back at once. */
const retryStrategy = (times: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** Math.min(times, 10), LONGEST_RETRY_MS) * (0.5 + Math.random());

const OPTIONS: RedisOptions = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  keepAlive: 10_000,
  // Nothing waits for Redis to come back: what was lost is found in the database.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy,
  // After a failover the old address may lead to a server that takes no writes any more.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
};

/** Another database has another one, and so has this one after a restore from a backup. */
const IDENTITY = 'SELECT epoch, current_database() AS name FROM stream_epoch';

type Hear = (text: string) => void;

/**
 * The two connections to the Redis of `REDIS_URL`, one that asks and one that listens. Redis is never needed for being right:
 * whatever fails here fails at once, and whoever asked does without.
 */
@Injectable()
export class RedisConnection implements OnModuleDestroy {
  private readonly logger = new Logger(RedisConnection.name);
  private client: Redis | undefined;
  private listener: Redis | undefined;
  private isClosed = false;
  private underWay = 0;
  private hasWarned = false;
  /** Whether what this server said lately has come back to it. Before the first word it is not known to work. */
  private isProven = false;
  private ownPrefix = '';

  constructor(
    private readonly env: Env,
    private readonly dataSource: DataSource,
  ) {}

  /** Whether this server is to use Redis at all. */
  get isConfigured(): boolean {
    return this.env.REDIS_URL !== undefined && !this.env.isCommand;
  }

  /** Whether it is worth asking. */
  get isUsable(): boolean {
    return this.isProven && this.client?.status === 'ready';
  }

  /** What the names of all keys and channels begin with: several installations may share a Redis. */
  get prefix(): string {
    return this.ownPrefix;
  }

  /** Connects, and listens to a channel for as long as the process lives; `ready` is called each time one of both ways opens. */
  async open(channel: string, hear: Hear, ready: () => void): Promise<void> {
    const { REDIS_URL } = this.env;
    if (REDIS_URL === undefined || !this.isConfigured) return;
    const [client, listener] = [await this.connection(REDIS_URL), await this.connection(REDIS_URL)];
    const [identity] = await this.dataSource.query<{ epoch: string; name: string }[]>(IDENTITY);
    this.ownPrefix = `parley:${createHash('sha256').update(`${identity?.epoch} ${identity?.name}`).digest('base64url').slice(0, 22)}:`;
    client.on('ready', ready);
    listener.on('ready', () => void listener.subscribe(this.prefix + channel).then(ready, (error: unknown) => this.warn(error)));
    listener.on('message', (_, text) => hear(text));
    if (this.isClosed) return;
    this.client = client;
    this.listener = listener;
    for (const one of [client, listener]) void one.connect().catch((error: unknown) => this.warn(error));
  }

  /** Tells a channel, and says whether that could be tried. Nobody waits for it. */
  publish(channel: string, text: () => string): boolean {
    const telling = this.ask((client) => client.publish(this.prefix + channel, text()));
    void telling?.catch((error: unknown) => this.warn(error));
    return telling !== undefined;
  }

  /** Asks Redis something; undefined when it cannot be asked at the moment. Rejects when no answer came in time. */
  ask<T>(question: (client: Redis) => Promise<T>): Promise<T> | undefined {
    if (this.client?.status !== 'ready' || this.underWay >= MOST_UNDER_WAY) return undefined;
    this.underWay++;
    return question(this.client).finally(() => this.underWay--);
  }

  /** Says whether words come back. On both connections is begun anew when they do not: they may hang without an end. */
  prove(isProven: boolean): void {
    if (isProven && !this.isProven) {
      this.hasWarned = false;
      this.logger.log('Redis answers');
    }
    this.isProven = isProven;
    if (!isProven) for (const one of [this.client, this.listener]) if (one?.status !== 'reconnecting') one?.disconnect(true);
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const one of [this.client, this.listener]) one?.disconnect();
  }

  /** The library is loaded where it is needed alone. */
  private async connection(url: string): Promise<Redis> {
    const { Redis: Connection } = await import('ioredis');
    const redis = new Connection(url, OPTIONS);
    redis.on('error', (error) => this.warn(error));
    return redis;
  }

  /** Once for each time that it goes away. */
  private warn(error: unknown): void {
    const level = this.hasWarned ? 'debug' : 'warn';
    this.hasWarned = true;
    this.logger[level]({ err: error }, 'Redis does not answer: servers hear of each other by the database alone');
  }
}
