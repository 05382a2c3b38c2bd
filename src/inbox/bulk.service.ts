import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RateLimiter } from '../access/rate-limiter.js';
import type { BulkItem, BulkResult } from '../contract/inbox.js';
import { ERRORS } from '../contract/error-code.js';
import type { Room } from '../contract/room.js';
import { AppError, invalid } from '../error/app-error.js';
import { normaliseError } from '../error/normalise-error.js';
import { AssignmentService } from '../room/assignment.service.js';
import { RoomChangeService } from '../room/room-change.service.js';
import { RoomUpdateService } from '../room/room-update.service.js';
import type { BulkDto } from './inbox.dto.js';

/** A client does not wait for longer than this; the rooms that are left may be tried again. */
const MOST_MS = 20_000;

/** What each action needs, and what it may have beside it. */
const FIELDS = {
  assign: { needs: 'agentId', takes: ['agentId', 'teamId'] },
  label: { needs: 'labels', takes: ['labels'] },
  unlabel: { needs: 'labels', takes: ['labels'] },
  close: { needs: undefined, takes: [] },
} as const satisfies Record<BulkDto['action'], { needs: keyof BulkDto | undefined; takes: (keyof BulkDto)[] }>;

/** Does to many rooms what could be done to each alone, and says what became of each. To repeat it changes nothing more. */
@Injectable()
export class BulkService {
  private readonly logger = new Logger(BulkService.name);

  constructor(
    private readonly assignments: AssignmentService,
    private readonly changes: RoomChangeService,
    private readonly updates: RoomUpdateService,
    private readonly limiter: RateLimiter,
  ) {}

  /** One after the other, in the order they are named: a refusal of one leaves the others as they are. @throws AppError `validation.failed`. */
  async run(actor: Actor, dto: BulkDto): Promise<BulkResult> {
    const work = this.workOf(actor, dto);
    const endsAt = performance.now() + MOST_MS;
    const items: BulkItem[] = [];
    for (const [index, roomId] of dto.roomIds.entries()) {
      try {
        if (performance.now() > endsAt) throw new AppError('unavailable');
        // The call itself was counted as one already.
        if (index > 0) this.limiter.take('general', actor.id, actor.ip ?? null);
        items.push({ roomId, ok: true, room: await work(roomId), error: null });
      } catch (error) {
        items.push(this.refused(roomId, error));
      }
    }
    return { items };
  }

  private workOf(actor: Actor, dto: BulkDto): (roomId: string) => Promise<Room> {
    const { roomIds, action, agentId = null, teamId, labels = [] } = dto;
    if (roomIds.length === 0) throw invalid('roomIds', 'must name at least one room');
    const { needs, takes } = FIELDS[action];
    if (needs !== undefined && dto[needs] === undefined) throw invalid(needs, `must be given to ${action}`);
    if (needs === 'labels' && labels.length === 0) throw invalid('labels', 'must name at least one label');
    for (const field of ['agentId', 'teamId', 'labels'] as const)
      if (dto[field] !== undefined && !(takes as readonly string[]).includes(field)) throw invalid(field, `is not for ${action}`);
    if (action === 'assign') return (roomId) => this.assignments.assign(actor, roomId, { agentId, teamId });
    if (action === 'close') return (roomId) => this.changes.close(actor, roomId);
    return (roomId) => this.updates.label(actor, roomId, labels, action === 'label');
  }

  private refused(roomId: string, thrown: unknown): BulkItem {
    const error = normaliseError(thrown);
    const { code, message, details } = error;
    if (code === 'internal') this.logger.error({ err: thrown, roomId }, 'a room of many could not be changed');
    return { roomId, ok: false, room: null, error: { code, message, retryable: ERRORS[code].retryable, ...(details && { details }) } };
  }
}
