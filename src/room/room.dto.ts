import { IsBoolean, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { ROUTING_MODES, type RoutingMode } from '../contract/business.js';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { PRIORITIES, ROOM_STATUSES, type Priority, type RoomStatus } from '../contract/room.js';
import {
  IsFreeObject,
  IsId,
  IsLanguage,
  IsLimit,
  IsObjectOf,
  IsSeq,
  IsText,
  IsTime,
  Nullable,
  Optional,
  OrNull,
} from '../validation/rules.js';

const MAX_SUBJECT = 200;
const MAX_COMMENT = 1000;
const MAX_CONTEXT_BYTES = 8192;

export class RoomIdParam {
  @IsId()
  roomId: string;
}

export class OpenRoomDto {
  @Optional()
  @IsText(MAX_SUBJECT)
  subject?: string;

  @Optional()
  @IsFreeObject(MAX_CONTEXT_BYTES)
  context?: Record<string, unknown>;

  /** The team that is to answer. */
  @Optional()
  @IsId()
  teamId?: string;

  @Optional()
  @IsId()
  customerId?: string;
}

export class ListRoomsDto {
  @Optional()
  @IsIn(ROOM_STATUSES, { message: `must be one of ${ROOM_STATUSES.join(', ')}` })
  status?: RoomStatus;

  @Optional()
  @Matches(/^(me|none|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/, { message: 'must be me, none or an id' })
  assignee?: string;

  @Optional()
  @IsId()
  teamId?: string;

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

class OverridesDto {
  @Nullable()
  @IsIn(ROUTING_MODES, { message: `must be one of ${ROUTING_MODES.join(', ')}` })
  routingMode?: RoutingMode | null;

  @Nullable()
  @IsId()
  pinnedAgentId?: string | null;

  @Nullable()
  @IsLanguage()
  language?: string | null;

  @Nullable()
  @IsBoolean({ message: 'must be true or false' })
  aiEnabled?: boolean | null;
}

const SETTABLE = ['open', 'pending', 'snoozed'] as const satisfies readonly RoomStatus[];

export class UpdateRoomDto {
  @Nullable()
  @IsText(MAX_SUBJECT)
  subject?: string | null;

  @Optional()
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  priority?: Priority;

  @Optional()
  @IsIn(SETTABLE, { message: `must be one of ${SETTABLE.join(', ')}; rooms are closed and reopened by commands of their own` })
  status?: (typeof SETTABLE)[number];

  /** When a room that sleeps wakes; null wakes it now. */
  @Nullable()
  @IsTime()
  snoozedUntil?: string | null;

  /** The same as the override of this name. */
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  aiEnabled?: boolean;

  @Optional()
  @IsObjectOf(() => OverridesDto)
  overrides?: OverridesDto;
}

export class AssignRoomDto {
  @OrNull()
  @IsId()
  agentId: string | null;

  /** The team that is to answer from now on; null for anybody. */
  @Nullable()
  @IsId()
  teamId?: string | null;

  /** An admin may go over the agent's capacity. */
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}

/** One of `agentId` and `teamId`. */
export class TransferRoomDto {
  @Optional()
  @IsId()
  agentId?: string;

  @Optional()
  @IsId()
  teamId?: string;

  /** What the next one should know; only staff read it. */
  @Optional()
  @IsText(MAX_BODY_LENGTH)
  note?: string;
}

export class MarkDto {
  @Optional()
  @IsIn(STREAMS, { message: 'must be public or internal' })
  stream?: Stream;

  @Optional()
  @IsSeq()
  delivered?: number;

  @Optional()
  @IsSeq()
  read?: number;
}

export class MarkUnreadDto {
  @Optional()
  @IsIn(STREAMS, { message: 'must be public or internal' })
  stream?: Stream;

  @Optional()
  @IsSeq(1)
  seq?: number;
}

export class RateRoomDto {
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(5, { message: 'must be at most 5' })
  score: number;

  @Nullable()
  @IsText(MAX_COMMENT)
  comment?: string | null;
}
