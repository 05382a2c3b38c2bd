import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { v7 as uuidv7 } from 'uuid';
import { In, Repository } from 'typeorm';
import type { Presence, PresenceStatus } from '../contract/presence.js';
import { isStaffRole, type Role } from '../contract/user.js';
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

/** Who is online. A lease in the database for each person and node; nothing in memory is the truth. */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PresenceService.name);
  private readonly nodeId = uuidv7();
  private readonly timers: NodeJS.Timeout[] = [];
  /** The people connected to this node, and how many connections each has. */
  private readonly connected = new Map<string, { person: Person; connections: number }>();
  private working: Promise<unknown> = Promise.resolve();
  private isSweeping = false;
  /** What still waits is not done any more: the last statement lets everybody of this node go. */
  private isClosed = false;

  constructor(
    @InjectRepository(PresenceChoice) private readonly choices: Repository<PresenceChoice>,
    @InjectRepository(PresenceLease) private readonly leases: Repository<PresenceLease>,
    private readonly events: EventBus,
  ) {}

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
    return this.quietly(() => this.hold(person));
  }

  /** A connection closed. After the last one the lease runs out by itself, unless another opens in the meantime. */
  leave(person: Person): Promise<void> {
    const connections = (this.connected.get(person.id)?.connections ?? 1) - 1;
    if (connections > 0) {
      this.connected.set(person.id, { person, connections });
      return Promise.resolve();
    }
    this.connected.delete(person.id);
    return this.quietly(async () => {
      if (this.connected.has(person.id)) return;
      await this.leases.update(
        { userId: person.id, nodeId: this.nodeId },
        { isConnected: false, expiresAt: this.inSeconds(GRACE_SECONDS) },
      );
      await this.choices.update({ userId: person.id }, { lastSeenAt: this.inSeconds(0) });
    });
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
    return (await this.ofAll([userId])).get(userId) as Presence;
  }

  /** The presence of each of these people, also of those who were never here. */
  async ofAll(userIds: string[]): Promise<Map<string, Presence>> {
    const [choices, live] = await Promise.all([
      this.choices.findBy({ userId: In(userIds) }),
      this.leases
        .createQueryBuilder('l')
        .where('l.user_id IN (:...userIds) AND l.expires_at > now()', { userIds: userIds.length ? userIds : [null] })
        .getMany(),
    ]);
    const online = new Set(live.map(({ userId }) => userId));
    const chosen = new Map(choices.map((choice) => [choice.userId, choice]));
    return new Map(
      userIds.map((userId) => {
        const choice = chosen.get(userId);
        const status = online.has(userId) ? (choice?.status ?? 'online') : 'offline';
        return [userId, { userId, status, lastSeenAt: choice?.lastSeenAt?.toISOString() ?? null }];
      }),
    );
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

  private async hold({ id, businessId, role }: Person): Promise<void> {
    if (!this.connected.has(id)) return;
    const before = await this.of(id);
    const lastSeenAt = this.inSeconds(0);
    await this.leases.upsert(
      {
        userId: id,
        nodeId: this.nodeId,
        businessId,
        isStaff: isStaffRole(role),
        isConnected: true,
        expiresAt: this.inSeconds(LEASE_SECONDS),
      },
      ['userId', 'nodeId'],
    );
    await this.choices.createQueryBuilder().insert().values({ userId: id, businessId, status: 'online', lastSeenAt }).orIgnore().execute();
    await this.choices.update({ userId: id }, { lastSeenAt });
    const after = await this.of(id);
    if (after.status !== before.status) this.tell(businessId, isStaffRole(role), after);
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
    if ((affected ?? 0) < this.connected.size) for (const { person } of [...this.connected.values()]) await this.hold(person);
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
