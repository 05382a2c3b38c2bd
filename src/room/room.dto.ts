import { IsIn, IsInt, Max, Min } from 'class-validator';
import { ROUTING_MODES, type RoutingMode } from '../contract/business.js';
import { MAX_LABEL_NAME, MAX_LABELS_WORN } from '../contract/label.js';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { PRIORITIES, type Priority, type RoomStatus } from '../contract/room.js';
import {
  IsFreeObject,
  IsId,
  IsLanguage,
  IsObjectOf,
  IsSeq,
  IsSet,
  IsText,
  IsTime,
  Nullable,
  Optional,
  OrNull,
} from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

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
  @IsTrueOrFalse()
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
  @IsTrueOrFalse()
  aiEnabled?: boolean;

  /** Their names: all that are on it from then on. */
  @Optional()
  @IsSet(MAX_LABELS_WORN)
  @IsText(MAX_LABEL_NAME, { each: true })
  labels?: string[];

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
  @IsTrueOrFalse()
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
