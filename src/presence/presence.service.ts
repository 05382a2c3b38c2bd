import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { DataSource, Repository } from 'typeorm';
import type { Presence, PresenceStatus } from '../contract/presence.js';
import { isStaffRole, type Role } from '../contract/user.js';
import { BatchLoader } from '../database/batch-loader.js';
import { newId } from '../database/new-id.js';
import { poolOf } from '../database/data-source.js';
import { Reads } from '../database/reads.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceChoice } from './presence.entity.js';
import { PresenceLease } from './presence-lease.entity.js';

/** A person, as far as presence needs to know one. */
interface Person {
  id: string;
  businessId: string;
  role: Role;
}

const LEASE_SECONDS = 30;
const GRACE_SECONDS = 15;
const RENEW_MS = 10_000;
const SWEEP_MS = 500;
const GATHER_MS = 50;

/** Any lease that a person holds now; looked up one by one, for else all leases there are would be read. */
const leaseOf = (userId: string): string =>
  `LEFT JOIN LATERAL (SELECT user_id FROM presence_lease WHERE user_id = ${userId} AND expires_at > now() LIMIT 1) l ON true`;

/** Takes or renews the leases of people on this node, and says who had none on any node before. */
const HOLD = {
  name: 'hold presence',
  text: `
WITH person AS (
  SELECT p.*, l.user_id IS NOT NULL AS was_online
    FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) AS p (id, business_id, is_staff) ${leaseOf('p.id')}
), lease AS (
  INSERT INTO presence_lease (user_id, node_id, business_id, is_staff, is_connected, expires_at)
    SELECT id, $4, business_id, is_staff, true, date_trunc('milliseconds', now() + interval '${LEASE_SECONDS} seconds') FROM person ORDER BY id
    ON CONFLICT (user_id, node_id) DO UPDATE SET is_staff = excluded.is_staff, is_connected = true, expires_at = excluded.expires_at
), choice AS (
  INSERT INTO presence (user_id, business_id, status, last_seen_at)
    SELECT id, business_id, 'online', date_trunc('milliseconds', now()) FROM person ORDER BY id
    ON CONFLICT (user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at
    RETURNING user_id, status, last_seen_at
)
SELECT c.user_id, c.status, c.last_seen_at, p.business_id, p.is_staff, p.was_online FROM choice c JOIN person p ON p.id = c.user_id`,
};

/** Lets people of this node go, not at once but after the grace. */
const RELEASE = {
  name: 'release presence',
  text: `
WITH lease AS (
  UPDATE presence_lease SET is_connected = false, expires_at = date_trunc('milliseconds', now() + interval '${GRACE_SECONDS} seconds')
    WHERE user_id = ANY ($1::uuid[]) AND node_id = $2
)
UPDATE presence SET last_seen_at = date_trunc('milliseconds', now()) WHERE user_id = ANY ($1::uuid[])`,
};

const READ = {
  name: 'read presence',
  text: `
SELECT u.id, c.status, c.last_seen_at, l.user_id IS NOT NULL AS is_online
  FROM unnest($1::uuid[]) AS u (id) LEFT JOIN presence c ON c.user_id = u.id ${leaseOf('u.id')}`,
};

interface Held {
  user_id: string;
  business_id: string;
  is_staff: boolean;
  status: PresenceStatus;
  last_seen_at: Date;
  was_online: boolean;
}

interface Read {
  id: string;
  status: PresenceStatus | null;
  last_seen_at: Date | null;
  is_online: boolean;
}

/** Who is online. A lease in the database for each person and node; nothing in memory is the truth. */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PresenceService.name);
  private readonly nodeId = newId();
  private readonly timers: NodeJS.Timeout[] = [];
  /** The people connected to this node, and how many connections each has. */
  private readonly connected = new Map<string, { person: Person; connections: number }>();
  private readonly loader = BatchLoader.byKey(
    (userIds) => this.read(userIds),
    ({ userId }: Presence) => userId,
  );
  private readonly pool: Pool;
  /** Who came or went, and is not stored yet. */
  private readonly changed = new Map<string, Person>();
  private settling: Promise<void> | undefined;
  private working: Promise<unknown> = Promise.resolve();
  private isSweeping = false;
  /** What still waits is not done any more: the last statement lets everybody of this node go. */
  private isClosed = false;

  constructor(
    @InjectRepository(PresenceChoice) private readonly choices: Repository<PresenceChoice>,
    @InjectRepository(PresenceLease) private readonly leases: Repository<PresenceLease>,
    private readonly events: EventBus,
    private readonly reads: Reads,
    dataSource: DataSource,
  ) {
    this.pool = poolOf(dataSource);
  }

  onApplicationBootstrap(): void {
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
    const connections = (this.connected.get(person.id)?.connections ?? 0) + 1;
    this.connected.set(person.id, { person, connections });
    return this.note(person);
  }

  /** A connection closed. After the last one the lease runs out by itself, unless another opens in the meantime. */
  leave(person: Person): Promise<void> {
    const connections = (this.connected.get(person.id)?.connections ?? 1) - 1;
    if (connections > 0) {
      this.connected.set(person.id, { person, connections });
      return Promise.resolve();
    }
    this.connected.delete(person.id);
    return this.note(person);
  }

  /** Keeps the status that a person chose. It shows while the person is connected; the answer names the choice. */
  choose(person: Person, status: PresenceStatus): Promise<Presence> {
    return this.serially(async () => {
      const before = await this.of(person.id);
      await this.choices.upsert({ userId: person.id, businessId: person.businessId, status, lastSeenAt: this.inSeconds(0) }, ['userId']);
      const after = await this.of(person.id);
      if (after.status !== before.status) this.tell(person.businessId, isStaffRole(person.role), after);
      return { ...after, status };
    });
  }

  /** Renews when a person was last seen. */
  async heartbeat(person: Person): Promise<Presence> {
    await this.choices.update({ userId: person.id }, { lastSeenAt: this.inSeconds(0) });
    return this.of(person.id);
  }

  async of(userId: string): Promise<Presence> {
    // There is a row for every id that is asked for.
    return (await this.loader.get(userId)) as Presence;
  }

  /** The presence of each of these people, also of those who were never here. */
  async ofAll(userIds: string[]): Promise<Map<string, Presence>> {
    const presences = await Promise.all(userIds.map((userId) => this.of(userId)));
    return new Map(presences.map((presence) => [presence.userId, presence]));
  }

  /** Ids of everyone of a business who is connected and does not hide it. */
  async onlineIds(businessId: string): Promise<string[]> {
    const rows = await this.leases
      .createQueryBuilder('l')
      .leftJoin(PresenceChoice, 'c', 'c.user_id = l.user_id')
      .select('DISTINCT l.user_id', 'userId')
      .where("l.business_id = :businessId AND l.expires_at > now() AND coalesce(c.status, 'online') <> 'offline'", { businessId })
      .getRawMany<{ userId: string }>();
    return rows.map(({ userId }) => userId);
  }

  private async read(userIds: string[]): Promise<Presence[]> {
    const rows = await this.reads.rows<Read>({ ...READ, values: [userIds] });
    return rows.map(({ id, status, last_seen_at, is_online }) => ({
      userId: id,
      status: is_online ? (status ?? 'online') : 'offline',
      lastSeenAt: last_seen_at?.toISOString() ?? null,
    }));
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
        this.nodeId,
      ],
    });
    for (const { user_id, business_id, is_staff, status, last_seen_at, was_online } of rows) {
      if (!was_online && status !== 'offline')
        this.tell(business_id, is_staff, { userId: user_id, status, lastSeenAt: last_seen_at.toISOString() });
    }
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
    const { affected } = await this.leases.update({ nodeId: this.nodeId, isConnected: true }, { expiresAt: this.inSeconds(LEASE_SECONDS) });
    // Some could not be stored when their people came, or ran out while the database was away.
    if ((affected ?? 0) < this.connected.size) await this.hold([...this.connected.values()].map(({ person }) => person));
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
    const deleted = await this.leases
      .createQueryBuilder()
      .delete()
      .where('expires_at <= now()')
      .returning(['userId', 'businessId', 'isStaff'])
      .execute();
    const gone = deleted.raw as { user_id: string; business_id: string; is_staff: boolean }[];
    if (gone.length === 0) return;
    const presences = await this.ofAll(gone.map((lease) => lease.user_id));
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
