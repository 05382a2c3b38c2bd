import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { DataSource, IsNull, LessThan, MoreThan, Repository } from 'typeorm';
import { UserService } from '../business/user.service.js';
import type { DomainEventMap } from '../contract/domain-events.js';
import type { QueuePlace } from '../contract/room.js';
import { BatchLoader } from '../database/batch-loader.js';
import { poolOf } from '../database/data-source.js';
import { newId } from '../database/new-id.js';
import { EventBus } from '../event/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { QueueDeparture } from './queue-departure.entity.js';
import { Room } from './room.entity.js';
import { estimateSeconds } from './wait-estimate.js';
import { DAY_MS } from '../time/zone.js';

/** A long queue takes a while to walk: those who ask at nearly the same time share a walk. */
const POSITIONS_PAUSE_MS = 50;
/** How long a whole queue that was read is taken for what it is now, unless something is heard to move in it. */
const KNOWN_MS = 1_000;
/** What the estimates are made from: so many departures, and none that is older. */
const DEPARTURES = 50;
const OLDEST_MS = DAY_MS;
const LET_THROUGH_MS = 1_000;

/** Each queue is walked once, from one of these rooms to the next, however many are asked for. */
const POSITIONS = {
  name: 'queue positions',
  text: `
WITH asked AS (
  SELECT id, business_id, waiting_since,
      lag(waiting_since, 1, '-infinity') OVER queue AS since,
      lag(id, 1, '00000000-0000-0000-0000-000000000000') OVER queue AS after_id
    FROM room WHERE id = ANY ($1::uuid[]) AND status = 'open' AND assignee_id IS NULL
    WINDOW queue AS (PARTITION BY business_id ORDER BY waiting_since, id)
)
SELECT a.id, (sum(n.rooms) OVER (PARTITION BY a.business_id ORDER BY a.waiting_since, a.id))::integer AS position
  FROM asked a CROSS JOIN LATERAL (
    SELECT count(*) AS rooms FROM room q
      WHERE q.business_id = a.business_id AND q.status = 'open' AND q.assignee_id IS NULL
        AND (q.waiting_since, q.id) > (a.since, a.after_id) AND (q.waiting_since, q.id) <= (a.waiting_since, a.id)) n`,
};

/** The whole queue of a business, from the front. */
const QUEUE = {
  name: 'queue',
  text: "SELECT id FROM room WHERE business_id = $1 AND status = 'open' AND assignee_id IS NULL ORDER BY waiting_since, id",
};

interface Position {
  id: string;
  position: number;
}

/** A queue that is being read, or was. */
interface Known {
  positions?: Map<string, number>;
}

/** Who waits, since when, and for how long about. The queue of a business is what is open and nobody's. */
@Injectable()
export class QueueService {
  private readonly logger = new Logger(QueueService.name);
  private readonly positionLoader = BatchLoader.byKey(
    (ids) => this.findPositions(ids),
    ({ id }: Position) => id,
    { pauseMs: POSITIONS_PAUSE_MS, most: 1_000 },
  );
  private readonly pool: Pool;
  /** By business: while many customers come, their places are those of the reading that tells them theirs. */
  private readonly known = new Map<string, Known>();

  constructor(
    @InjectRepository(Room) private readonly rooms: Repository<Room>,
    @InjectRepository(QueueDeparture) private readonly departures: Repository<QueueDeparture>,
    private readonly users: UserService,
    private readonly presence: PresenceReader,
    dataSource: DataSource,
    events: EventBus,
    metrics: Metrics,
  ) {
    this.pool = poolOf(dataSource);
    // Counted in the index of the queue, which holds these rooms and no other.
    metrics.polled('parley_queue_rooms', () => this.rooms.countBy({ status: 'open', assigneeId: IsNull() }));
    for (const name of ['queue.changed', 'room.moved'] as const) events.on(name, ({ businessId }) => this.known.delete(businessId));
    // A departure that is not written down makes the next estimates a little worse, and nothing else.
    events.onOwn('room.moved', (event) => void this.noteDeparture(event).catch((error: unknown) => this.logger.warn({ err: error })));
  }

  async positionOf(room: Pick<Room, 'id' | 'businessId' | 'status' | 'assigneeId'>): Promise<number | null> {
    if (room.status !== 'open' || room.assigneeId !== null) return null;
    return this.known.get(room.businessId)?.positions?.get(room.id) ?? (await this.positionLoader.get(room.id))?.position ?? null;
  }

  /** The places of those of these rooms of a business that wait, by room. */
  async placesOf(businessId: string, rooms: Room[]): Promise<Map<string, QueuePlace>> {
    const positions = await Promise.all(rooms.map(async (room) => [room.id, await this.positionOf(room)] as const));
    return this.estimated(
      businessId,
      positions.filter((one): one is [string, number] => one[1] !== null),
    );
  }

  /** Every place of the queue of a business, by room. */
  async places(businessId: string): Promise<Map<string, QueuePlace>> {
    // Set before the reading: what moves in the meantime takes it away.
    const known: Known = {};
    this.known.set(businessId, known);
    setTimeout(() => this.known.get(businessId) === known && this.known.delete(businessId), KNOWN_MS).unref();
    const waiting = (await this.pool.query<{ id: string }>({ ...QUEUE, values: [businessId] })).rows;
    const positions = waiting.map(({ id }, index): [string, number] => [id, index + 1]);
    known.positions = new Map(positions);
    return this.estimated(businessId, positions);
  }

  private async estimated(businessId: string, positions: [roomId: string, position: number][]): Promise<Map<string, QueuePlace>> {
    if (positions.length === 0) return new Map();
    const [departures, agents] = await Promise.all([this.latest(businessId), this.agentsOnline(businessId)]);
    return new Map(positions.map(([id, position]) => [id, { position, estimateSeconds: estimateSeconds(departures, position, agents) }]));
  }

  private latest(businessId: string): Promise<QueueDeparture[]> {
    const where = { businessId, at: MoreThan(new Date(Date.now() - OLDEST_MS)) };
    return this.departures.find({ where, order: { at: 'DESC' }, take: DEPARTURES });
  }

  private async agentsOnline(businessId: string): Promise<number> {
    const shown = await this.presence.shown(await this.presence.onlineIds(businessId));
    return this.users.countAgents(
      businessId,
      [...shown].filter(([, status]) => status === 'online').map(([id]) => id),
    );
  }

  /** Notes how long the front of the queue stood still before this room left it, unless it was let through at once. */
  private async noteDeparture({ businessId, roomId, from, to }: DomainEventMap['room.moved']): Promise<void> {
    if (from.assigneeId !== null || to.assigneeId === null) return;
    const { waitingSince, assignedAt, teamId } = await this.rooms.findOneByOrFail({ id: roomId });
    const at = assignedAt ?? new Date();
    // Whoever found a free agent never waited, and says nothing of how fast a queue moves.
    if (at.getTime() - waitingSince.getTime() < LET_THROUGH_MS) return;
    // Rooms of another team stand in a line of their own.
    const where = { businessId, status: 'open', assigneeId: IsNull(), teamId: teamId ?? IsNull() } as const;
    const first = await this.rooms.findOne({ select: { id: true, waitingSince: true }, where, order: { waitingSince: 'ASC' } });
    const [before] = await this.departures.find({ where: { businessId }, order: { at: 'DESC' }, take: 1 });
    const front = Math.min(waitingSince.getTime(), first?.waitingSince.getTime() ?? Infinity);
    const gapMs = Math.max(0, at.getTime() - Math.max(front, before?.at.getTime() ?? 0));
    const agents = await this.agentsOnline(businessId);
    await this.departures.insert({ id: newId(), businessId, at, gapMs: Math.min(gapMs, OLDEST_MS), agents });
    await this.departures.delete({ businessId, at: LessThan(new Date(at.getTime() - OLDEST_MS)) });
  }

  private async findPositions(ids: string[]): Promise<Position[]> {
    return (await this.pool.query<Position>({ ...POSITIONS, values: [ids] })).rows;
  }
}
