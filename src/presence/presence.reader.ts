import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Presence, PresenceStatus } from '../contract/presence.js';
import { BatchLoader } from '../database/batch-loader.js';
import { Reads } from '../database/reads.js';
import { PresenceChoice } from './presence.entity.js';
import { PresenceLease } from './presence-lease.entity.js';
import { ABSENT, READ, type Read } from './presence.statements.js';

/** Who is there, on whichever server, as the database says. */
@Injectable()
export class PresenceReader {
  private readonly loader = BatchLoader.byKey(
    (userIds) => this.read(userIds),
    ({ userId }: Presence) => userId,
  );

  constructor(
    @InjectRepository(PresenceLease) private readonly leases: Repository<PresenceLease>,
    private readonly reads: Reads,
  ) {}

  /** What each of these people is shown as. */
  async shown(userIds: string[], tx: EntityManager = this.leases.manager): Promise<Map<string, PresenceStatus>> {
    const rows = await tx.query<Read[]>(READ.text, [userIds]);
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  /** Those of these people who have no connection, and for how many milliseconds, by the clock of the database; forever, who was never here. */
  async absent(userIds: string[], tx: EntityManager = this.leases.manager): Promise<Map<string, number>> {
    const rows = await tx.query<{ id: string; gone_ms: number | null }[]>(ABSENT, [userIds]);
    return new Map(rows.map(({ id, gone_ms }) => [id, gone_ms ?? Infinity]));
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
    return rows.map(({ id, status, last_seen_at }) => ({ userId: id, status, lastSeenAt: last_seen_at?.toISOString() ?? null }));
  }
}
