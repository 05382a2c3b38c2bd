import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { Page } from '../contract/page.js';
import type { RoutingDecision as DecisionView } from '../contract/routing.js';
import type { PublicUser } from '../contract/user.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { newId } from '../database/new-id.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import type { PageQuery } from '../validation/page-query.js';
import { isTime, isUuid, limitOrDefault } from '../validation/rules.js';
import { choose, type RoutingFacts } from './choose.js';
import { RoutingDecision } from './routing-decision.entity.js';

const KEPT_DAYS = 90;
const HOUR_SECONDS = 3_600;

/** What routing decided, and why: for those who ask why a room is with whom it is, or with nobody. */
@Injectable()
export class DecisionService {
  constructor(
    @InjectRepository(RoutingDecision) private readonly decisions: Repository<RoutingDecision>,
    private readonly rooms: RoomService,
    private readonly users: UserService,
    chores: Chores,
    dataSource: DataSource,
  ) {
    // Nobody asks why after so long.
    const old = { table: 'routing_decision', key: 'id', where: `at < now() - interval '${KEPT_DAYS} days'` };
    chores.add({ name: 'old-decisions', everySeconds: HOUR_SECONDS, work: (isStopping) => deleteInBatches(dataSource, old, isStopping) });
  }

  async noteGiven(tx: EntityManager, { id: roomId, businessId }: Room, facts: RoutingFacts, agentId: string): Promise<void> {
    await tx.getRepository(RoutingDecision).insert({ id: newId(), businessId, roomId, agentId, facts: facts as never });
  }

  /** A room has one such row, in which the newest reason to wait stands. */
  async noteWaiting({ id: roomId, businessId }: Room, facts: RoutingFacts): Promise<void> {
    await this.decisions.query(
      `INSERT INTO routing_decision AS d (id, business_id, room_id, facts) VALUES ($1, $2, $3, $4)
         ON CONFLICT (room_id) WHERE agent_id IS NULL DO UPDATE SET facts = excluded.facts, at = excluded.at
         WHERE d.facts IS DISTINCT FROM excluded.facts`,
      [newId(), businessId, roomId, JSON.stringify(facts)],
    );
  }

  /** The newest first. @throws AppError `room.not_found`. */
  async list(actor: Actor, roomId: string, { limit, cursor }: PageQuery): Promise<Page<DecisionView>> {
    await this.rooms.require(actor, roomId);
    const size = limitOrDefault(limit);
    const found = this.decisions.createQueryBuilder('d').where('d.room_id = :roomId', { roomId });
    if (cursor !== undefined) {
      const [at, id] = decodeCursor(cursor, [isTime, isUuid]);
      found.andWhere('(d.at, d.id) < (:at, :id)', { at, id });
    }
    const rows = await found
      .orderBy('d.at', 'DESC')
      .addOrderBy('d.id', 'DESC')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ at, id }) => [at.toISOString(), id]);
    return { ...page, items: await this.views(page.items) };
  }

  private async views(decisions: RoutingDecision[]): Promise<DecisionView[]> {
    const ids = new Set(decisions.flatMap(({ facts }) => facts.candidates.map(({ agentId }) => agentId)));
    const people = new Map((await this.users.findMany([...ids])).map((user) => [user.id, toPublicUser(user)]));
    return decisions.map(({ id, at, facts, agentId }) => {
      const { reason, verdicts } = choose(facts);
      const candidates = facts.candidates.map(({ agentId: candidateId }, index) => ({
        agent: people.get(candidateId) as PublicUser,
        verdict: verdicts[index] as (typeof verdicts)[number],
      }));
      return { id, at: at.toISOString(), agent: people.get(agentId ?? '') ?? null, reason, candidates };
    });
  }
}
