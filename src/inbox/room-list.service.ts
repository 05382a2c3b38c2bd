import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, IsNull, Repository } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import { withinReach } from '../access/permissions.js';
import { ContactService } from '../business/contact.service.js';
import { LabelService } from '../business/label.service.js';
import type { RoomSort } from '../contract/inbox.js';
import type { Page } from '../contract/page.js';
import type { Priority, Room, RoomStatus } from '../contract/room.js';
import { AppError } from '../error/app-error.js';
import { RoomActivity } from '../room/room-activity.service.js';
import { RoomPresenter } from '../room/room.presenter.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isTime, isUuid, limitOrDefault } from '../validation/rules.js';
import type { ListRoomsDto, RoomFilterDto } from './inbox.dto.js';
import { SavedView } from './saved-view.entity.js';
import { cursorOf, runsOf, type Placed } from './room-order.js';

/** Which rooms, with names and words made out. */
interface RoomFilter extends Omit<RoomFilterDto, 'status' | 'priority' | 'label'> {
  statuses?: RoomStatus[];
  priorities?: Priority[];
  labelId?: string;
}

interface Asked {
  sort: RoomSort;
  most: number;
  cursor?: string;
}

/** Conditions of a query, and what stands under the names in them. */
interface Conditions {
  sql: string[];
  values: Record<string, unknown>;
}

/** In the place of all rooms, those that are like what is looked for. */
const FOUND = 'WITH room AS MATERIALIZED (SELECT * FROM find_rooms(:business, :q)) ';

const wordsOf = (list: string): string[] => [...new Set(list.split(','))];

/** Lists rooms. Each page is read from indexes that hold the rooms in the order asked for, however many there are. */
@Injectable()
export class RoomListService {
  constructor(
    @InjectRepository(SavedView) private readonly saved: Repository<SavedView>,
    private readonly dataSource: DataSource,
    private readonly presenter: RoomPresenter,
    private readonly labels: LabelService,
    private readonly contacts: ContactService,
    private readonly activity: RoomActivity,
  ) {}

  /** Of staff those within reach, of others their own. @throws AppError `access.denied` when a customer asks for what only staff see. */
  async list(actor: Actor, { view, limit, cursor, ...named }: ListRoomsDto): Promise<Page<Room>> {
    const saved = view === undefined ? undefined : await this.savedView(actor, view);
    const { sort = 'newest', ...filter } = { ...(saved && { sort: saved.sort, ...(await this.filterOf(saved)) }), ...named };
    // What only staff see of a room, a customer may not find out by asking for it either.
    const isForStaff =
      sort !== 'newest' || [filter.label, filter.priority, filter.teamId, filter.customerId].some((one) => one !== undefined);
    if (isForStaff && !isStaff(actor)) throw new AppError('access.denied', { message: 'Only staff sort and filter by this' });
    const size = limitOrDefault(limit);
    const wanted = saved && (await this.isOver(actor, saved, named)) ? undefined : await this.wantedBy(actor, filter);
    const asked = { sort, most: size + 1, cursor };
    if (isStaff(actor) && sort === 'newest') await this.activity.catchUp();
    const placed = isStaff(actor) ? await this.find(actor, wanted, asked) : await this.findOwn(actor, wanted ?? {}, asked);
    const page = toPage(placed, size, cursorOf(sort));
    return {
      ...page,
      items: await this.presenter.forList(
        actor,
        page.items.map(({ id }) => id),
      ),
    };
  }

  /** @throws AppError `view.not_found`, also for one of somebody else. */
  async savedView(actor: Actor, id: string): Promise<SavedView> {
    const { id: me, businessId } = actor;
    if (!isStaff(actor)) throw new AppError('access.denied', { message: 'Only staff have saved views' });
    const saved = await this.saved.findOne({
      where: [
        { id, businessId, ownerId: me },
        { id, businessId, ownerId: IsNull() },
      ],
    });
    if (!saved) throw new AppError('view.not_found');
    return saved;
  }

  /** Whether the label that a view names is still there. */
  async hasLabel({ labelId }: Pick<SavedView, 'labelId'>): Promise<boolean> {
    return labelId !== null && (await this.labels.present([labelId])).length > 0;
  }

  /** Whether a view names what is gone, with nothing named in its place, and rooms may fit it all the same. */
  private async isOver(actor: Actor, view: SavedView, named: RoomFilterDto): Promise<boolean> {
    const { label, customerId } = view.filter;
    // A label of that name that was made later is another one.
    if (label !== undefined && named.label === undefined && !(await this.hasLabel(view))) return true;
    // The rooms of an erased customer stay.
    return customerId !== undefined && named.customerId === undefined && !(await this.contacts.has(actor, customerId));
  }

  /** The filter of a view, with the name that its label has now. */
  async filterOf(view: SavedView): Promise<RoomFilterDto> {
    const [label] = view.labelId === null ? [] : await this.labels.present([view.labelId]);
    return { ...view.filter, ...(label && { label: label.name }) };
  }

  /** How many rooms there are of that kind within reach, up to `most`. */
  async count(actor: Actor, filter: RoomFilterDto, most: number): Promise<number> {
    const wanted = await this.wantedBy(actor, filter);
    return (await this.find(actor, wanted, { sort: 'newest', most })).length;
  }

  /** Undefined where no room can be of that kind. */
  private async wantedBy(actor: Actor, { status, priority, label, ...same }: RoomFilterDto): Promise<RoomFilter | undefined> {
    const filter: RoomFilter = {
      ...same,
      ...(status !== undefined && { statuses: wordsOf(status) as RoomStatus[] }),
      ...(priority !== undefined && { priorities: wordsOf(priority) as Priority[] }),
    };
    if (label === undefined) return filter;
    const found = await this.labels.named(actor.businessId, label);
    return found && { ...filter, labelId: found.id };
  }

  private async find(actor: Actor, filter: RoomFilter | undefined, { sort, most, cursor }: Asked): Promise<Placed[]> {
    // First of all, so that a bad cursor is refused whatever else is asked for.
    const runs = runsOf(sort, filter?.statuses, filter?.priorities, cursor);
    if (!filter) return [];
    const { sql, values } = this.conditions(actor, filter);
    const isNewest = sort === 'newest';
    const column = isNewest ? 'active_at' : 'waiting_since';
    const [compare, order] = isNewest ? ['<', 'DESC'] : ['>', 'ASC'];
    const within = [
      ...sql,
      'r.status = run.status',
      ...(isNewest && !filter.priorities ? [] : ['r.priority = run.priority']),
      `(r.${column}, r.id) ${compare} (run.at, run.id)`,
    ];
    const head = (conditions: string[]): string =>
      `SELECT r.id, r.${column} AS at FROM room r WHERE ${[...conditions, ...within].join(' AND ')} ORDER BY r.${column} ${order}, r.id ${order} LIMIT :most`;
    return this.query<Placed>(
      `${filter.q === undefined ? '' : FOUND}SELECT room.id, room.at, run.rank
        FROM unnest(:statuses::text[], :priorities::text[], :ranks::integer[], :ats::timestamptz[], :ids::uuid[]) AS run (status, priority, rank, at, id)
        CROSS JOIN LATERAL (${this.reached(actor, filter, head)}) room
        ORDER BY run.rank, room.at ${order}, room.id ${order} LIMIT :most`,
      {
        ...values,
        most,
        statuses: runs.map(({ status }) => status),
        priorities: runs.map(({ priority }) => priority),
        ranks: runs.map(({ rank }) => rank),
        ats: runs.map(({ at }) => at),
        ids: runs.map(({ id }) => id),
      },
    );
  }

  /**
   * The head of a run within reach. Who reaches the rooms of teams reads the head of each team and of the own rooms: no index
   * holds all of those in order.
   */
  private reached(actor: Actor, { teamId, assignee }: RoomFilter, head: (conditions: string[]) => string): string {
    if (actor.reach !== 'team' || assignee === 'me') return head([]);
    const held = ['r.assignee_id = :reachUser'];
    if (teamId !== undefined) return head(actor.teamIds.includes(teamId) ? [] : held);
    const ofTeam = head(['r.team_id = team.id', 'r.assignee_id IS DISTINCT FROM :reachUser::uuid']);
    return `(${head(held)}) UNION ALL (SELECT ofTeam.* FROM unnest(:reachTeams::uuid[]) AS team (id) CROSS JOIN LATERAL (${ofTeam}) ofTeam)`;
  }

  private conditions(actor: Actor, { assignee, teamId, customerId, labelId, q }: RoomFilter): Conditions {
    const reach = withinReach(actor, 'r');
    const sql = actor.reach === 'team' && isStaff(actor) ? ['r.business_id = :reachBusiness'] : [reach.sql];
    if (assignee === 'none') sql.push('r.assignee_id IS NULL');
    else if (assignee !== undefined) sql.push('r.assignee_id = :assignee');
    if (teamId !== undefined) sql.push('r.team_id = :teamId');
    if (customerId !== undefined) sql.push('r.customer_id = :customerId');
    // The second says to the planner that the index of labelled rooms will do.
    if (labelId !== undefined) sql.push("r.label_ids @> ARRAY[:labelId::uuid] AND r.label_ids <> '{}'");
    const holder = assignee === 'me' ? actor.id : assignee?.toLowerCase();
    return { sql, values: { ...reach.values, assignee: holder, teamId, customerId, labelId, business: actor.businessId, q: q?.trim() } };
  }

  /**
   * A customer's own rooms, which are few, by what the customer itself can see: what staff write among themselves, or the
   * order of the inbox, would tell it when they do so.
   */
  private findOwn(actor: Actor, { statuses, ...filter }: RoomFilter, { sort, most, cursor }: Asked): Promise<Placed[]> {
    const { sql, values } = this.conditions(actor, filter);
    if (statuses !== undefined) sql.push('r.status = ANY (:statuses)');
    const [, , at, id] =
      cursor === undefined ? [] : decodeCursor(cursor, [(name) => name === sort, (rank) => rank === '0', isTime, isUuid]);
    return this.query<Placed>(
      `${filter.q === undefined ? '' : FOUND}SELECT * FROM (
        SELECT r.id, coalesce(m.created_at, r.created_at) AS at, 0 AS rank
          FROM room r JOIN stream_counter c ON c.room_id = r.id
          LEFT JOIN message m ON m.room_id = r.id AND m.stream = 'public' AND m.seq = c.public_seq
          WHERE ${sql.join(' AND ')}) own
        ${at === undefined ? '' : 'WHERE (own.at, own.id) < (:at, :id)'} ORDER BY own.at DESC, own.id DESC LIMIT :most`,
      { ...values, statuses, at, id, most },
    );
  }

  private query<Row>(sql: string, values: Record<string, unknown>): Promise<Row[]> {
    return this.dataSource.query(...this.dataSource.driver.escapeQueryWithParameters(sql, values));
  }
}
