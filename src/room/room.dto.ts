import { IsBoolean, IsIn } from 'class-validator';
import { ROUTING_MODES, type RoutingMode } from '../contract/business.js';
import { MAX_LABEL_NAME, MAX_LABELS_WORN } from '../contract/label.js';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { PRIORITIES, type Priority } from '../contract/room.js';
import { IsFreeObject, IsId, IsObjectOf, IsSeq, IsSet, IsText, Nullable, Optional, OrNull } from '../validation/rules.js';

const MAX_SUBJECT = 200;
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
}

export class UpdateRoomDto {
  @Nullable()
  @IsText(MAX_SUBJECT)
  subject?: string | null;

  @Optional()
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  priority?: Priority;

  @Optional()
  @IsIn(['open', 'pending'], { message: 'must be open or pending; rooms are closed and reopened by commands of their own' })
  status?: 'open' | 'pending';

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
