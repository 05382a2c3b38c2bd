import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { DataSource, In, Repository } from 'typeorm';
import { Env } from '../config/env.js';
import type { Presence, PresenceStatus } from '../contract/presence.js';
import { isStaffRole, type Role } from '../contract/user.js';
import { retried } from '../database/clash.js';
import { newId } from '../database/new-id.js';
import { poolOf, sought } from '../database/data-source.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceChoice } from './presence.entity.js';
import { PresenceLease } from './presence-lease.entity.js';
import { PresenceReader } from './presence.reader.js';
import {
  EXPIRE,
  GRACE_SECONDS,
  HOLD,
  IDLE_SECONDS,
  LEASE_SECONDS,
  NOTE_ACTIVE,
  RELEASE,
  type Expired,
  type Held,
} from './presence.statements.js';

/** A person, as far as presence needs to know one. */
interface Person {
  id: string;
  businessId: string;
  role: Role;
}

const RENEW_MS = 10_000;
const SWEEP_MS = 500;
const GATHER_MS = 50;

/** Somebody connected to this node. */
interface Here {
  person: Person;
  connections: number;
  /** When the person last did something, by the clock of the process, which nobody puts forward or back. */
  activeAt: number;
  /** Null until the database has said when it was last active: a page may come back with nobody before it. */
  isIdle: boolean | null;
}

/** Who is online. A lease in the database for each person and node; nothing in memory is the truth. */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PresenceService.name);
  private readonly nodeId = newId();
  private readonly timers: NodeJS.Timeout[] = [];
  /** The people connected to this node, by their ids. */
  private readonly connected = new Map<string, Here>();
  private readonly pool: Pool;
  /** Who came or went, and is not stored yet. */
  private readonly changed = new Map<string, Person>();
  private settling: Promise<void> | undefined;
  private working: Promise<unknown> = Promise.resolve();
  private isSweeping = false;
  /** When the leases were last renewed here, by the same clock. */
  private renewedAt = performance.now();
  /** What still waits is not done any more: the last statement lets everybody of this node go. */
  private isClosed = false;

  constructor(
    @InjectRepository(PresenceChoice) private readonly choices: Repository<PresenceChoice>,
    @InjectRepository(PresenceLease) private readonly leases: Repository<PresenceLease>,
    private readonly env: Env,
    private readonly events: EventBus,
    private readonly reader: PresenceReader,
    private readonly dataSource: DataSource,
  ) {
    this.pool = poolOf(dataSource);
  }

  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.timers.push(setInterval(() => void this.quietly(() => this.renew()), RENEW_MS).unref());
    this.timers.push(setInterval(() => void this.sweepOnce(), SWEEP_MS).unref());
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.isClosed = true;
    await this.working;
    // A stopping node lets its people go at once, but not without the grace.
    await this.leases
      .update({ nodeId: this.nodeId }, { isConnected: false, expiresAt: this.inSeconds(GRACE_SECONDS) })
      .catch(() => undefined);
  }

  /** A connection of this person opened on this node. */
  arrive(person: Person): Promise<void> {
    const { connections, activeAt, isIdle } = this.connected.get(person.id) ?? {
      connections: 0,
      activeAt: performance.now(),
      isIdle: null,
    };
    // Of whom is away it is asked anew: it may have signed in.
    this.connected.set(person.id, { person, connections: connections + 1, activeAt, isIdle: isIdle === false ? isIdle : null });
    return this.note(person);
  }

  /** A connection closed. After the last one the lease runs out by itself, unless another opens in the meantime. */
  leave(person: Person): Promise<void> {
    const here = this.connected.get(person.id);
    if (here && --here.connections > 0) return Promise.resolve();
    this.connected.delete(person.id);
    return this.note(person);
  }

  /** The person itself did something: whoever was taken for away is there again. */
  touch(userId: string): void {
    const here = this.connected.get(userId);
    if (!here) return;
    const wasIdle = here.isIdle;
    here.activeAt = performance.now();
    here.isIdle = false;
    if (wasIdle) void this.quietly(() => this.rouse([here]));
  }

  /** Keeps the status that a person chose. It shows while the person is connected; the answer names the choice. */
  choose(person: Person, status: PresenceStatus): Promise<Presence> {
    return this.serially(async () => {
      const choice = { userId: person.id, businessId: person.businessId, status, lastSeenAt: this.inSeconds(0) };
      await this.telling([person], () => retried(() => this.choices.upsert(choice, ['userId'])));
      return { ...(await this.reader.of(person.id)), status };
    });
  }

  /** Renews when a person was last seen. */
  async heartbeat(person: Person): Promise<Presence> {
    this.touch(person.id);
    await this.working;
    await retried(() => this.choices.update({ userId: person.id }, { lastSeenAt: this.inSeconds(0) }));
    return this.reader.of(person.id);
  }

  /** Does something that may change what these people are shown as, and tells of it. */
  private async telling(people: Person[], work: () => Promise<unknown>): Promise<void> {
    const ids = people.map(({ id }) => id);
    const before = await this.reader.ofAll(ids);
    await work();
    const after = await this.reader.ofAll(ids);
    for (const { id, businessId, role } of people) {
      const now = after.get(id);
      if (now && now.status !== before.get(id)?.status) this.tell(businessId, isStaffRole(role), now);
    }
  }

  /** Staff of this node who did nothing for a while are away. */
  private async findIdle(): Promise<void> {
    const since = performance.now() - IDLE_SECONDS * 1000;
    const idle = [...this.connected.values()].filter(
      ({ person, activeAt, isIdle }) => !isIdle && activeAt < since && isStaffRole(person.role),
    );
    if (idle.length === 0) return;
    for (const here of idle) here.isIdle = true;
    await this.setIdle(idle, true);
  }

  /** Who was idle is not any more, wherever it goes on. */
  private async rouse(these: Here[]): Promise<void> {
    await this.noteActive(these);
    await this.setIdle(these, false);
  }

  private setIdle(these: Here[], isIdle: boolean): Promise<void> {
    const people = these.map(({ person }) => person);
    return this.telling(people, () => this.leases.update({ nodeId: this.nodeId, userId: In(people.map(({ id }) => id)) }, { isIdle }));
  }

  private async noteActive(these: Here[]): Promise<void> {
    if (these.length === 0) return;
    const now = performance.now();
    await this.pool.query({ ...NOTE_ACTIVE, values: [these.map(({ person }) => person.id), these.map(({ activeAt }) => now - activeAt)] });
  }

  /** Stores that this person came or went, with all others of whom that is still to be stored. */
  private note(person: Person): Promise<void> {
    this.changed.set(person.id, person);
    // Many come at once when a server starts again.
    this.settling ??= sleep(GATHER_MS).then(() => this.quietly(() => this.settle()));
    return this.settling;
  }

  private async settle(): Promise<void> {
    const people = [...this.changed.values()];
    this.changed.clear();
    this.settling = undefined;
    await this.hold(people.filter(({ id }) => this.connected.has(id)));
    await this.release(people.filter(({ id }) => !this.connected.has(id)));
  }

  private async hold(people: Person[]): Promise<void> {
    if (people.length === 0) return;
    const { rows } = await this.pool.query<Held>({
      ...HOLD,
      values: [
        people.map(({ id }) => id),
        people.map(({ businessId }) => businessId),
        people.map(({ role }) => isStaffRole(role)),
        people.map(({ id }) => this.connected.get(id)?.isIdle ?? null),
        this.nodeId,
      ],
    });
    const roused: Here[] = [];
    for (const { user_id, business_id, is_staff, status, last_seen_at, is_idle, quiet_seconds, was } of rows) {
      const here = this.connected.get(user_id);
      if (here?.isIdle === null) Object.assign(here, { isIdle: is_idle, activeAt: performance.now() - quiet_seconds * 1000 });
      // It did something in the meantime.
      else if (here?.isIdle === false && is_idle) roused.push(here);
      const shown = is_idle && status === 'online' ? 'away' : status;
      if (shown !== was) this.tell(business_id, is_staff, { userId: user_id, status: shown, lastSeenAt: last_seen_at.toISOString() });
    }
    if (roused.length > 0) await this.rouse(roused);
  }

  private async release(people: Person[]): Promise<void> {
    if (people.length === 0) return;
    await this.pool.query({ ...RELEASE, values: [people.map(({ id }) => id), this.nodeId] });
  }

  private async renew(): Promise<void> {
    // Whose leaving could not be stored is let go now.
    await this.leases
      .createQueryBuilder()
      .update()
      .set({ isConnected: false, expiresAt: this.inSeconds(GRACE_SECONDS) })
      .where('node_id = :nodeId AND is_connected AND user_id <> ALL (:here::uuid[])', {
        nodeId: this.nodeId,
        here: [...this.connected.keys()],
      })
      .execute();
    const here = [...this.connected.values()];
    const idle = here.filter(({ isIdle }) => isIdle).map(({ person }) => person.id);
    const { affected } = await this.leases
      .createQueryBuilder()
      .update()
      .set({ expiresAt: this.inSeconds(LEASE_SECONDS), isIdle: () => 'user_id = ANY (:idle::uuid[])' })
      .where('node_id = :nodeId AND is_connected', { nodeId: this.nodeId, idle })
      .execute();
    // Some could not be stored when their people came, or ran out while the database was away.
    if ((affected ?? 0) < this.connected.size) await this.hold(here.map(({ person }) => person));
    const since = this.renewedAt;
    this.renewedAt = performance.now();
    await this.noteActive(here.filter(({ person, isIdle, activeAt }) => isStaffRole(person.role) && isIdle === false && activeAt >= since));
  }

  /** One sweep waits at a time, however long the database takes. */
  private async sweepOnce(): Promise<void> {
    if (this.isSweeping) return;
    this.isSweeping = true;
    await this.quietly(() => this.sweep());
    this.isSweeping = false;
  }

  /** Takes away the leases that ran out, on whichever node, and tells of those who have no other. */
  private async sweep(): Promise<void> {
    await this.findIdle();
    const gone = await sought<Expired>(this.dataSource, EXPIRE);
    if (gone.length === 0) return;
    const presences = await this.reader.ofAll(gone.map((lease) => lease.user_id));
    for (const { user_id, business_id, is_staff } of gone) {
      const presence = presences.get(user_id);
      if (presence?.status === 'offline') this.tell(business_id, is_staff, presence);
    }
  }

  private tell(businessId: string, isStaff: boolean, presence: Presence): void {
    this.events.announce('presence.changed', { ...presence, businessId, isStaff });
  }

  /** By the database's clock, which all nodes share. */
  private inSeconds(seconds: number): () => string {
    return () => `date_trunc('milliseconds', now() + interval '${seconds} seconds')`;
  }

  /** One after the other: a quick leave and return end in the order they came, and each change is told once. */
  private serially<T>(work: () => Promise<T>): Promise<T> {
    const done = this.working.then(work);
    this.working = done.catch(() => undefined);
    return done;
  }

  /** The next renewal mends what failed. */
  private quietly(work: () => Promise<void>): Promise<void> {
    return this.serially(() => (this.isClosed ? Promise.resolve() : work())).catch((error: unknown) =>
      this.logger.warn({ err: error }, 'presence could not be stored'),
    );
  }
}
