import { IsBoolean, IsIn, Matches } from 'class-validator';
import { ROUTING_MODES, type RoutingMode } from '../contract/business.js';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { PRIORITIES, ROOM_STATUSES, type Priority, type RoomStatus } from '../contract/room.js';
import { IsFreeObject, IsId, IsLimit, IsObjectOf, IsSeq, IsText, Nullable, Optional, OrNull } from '../validation/rules.js';

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

  /** Looked for in the subject and in what names the customer. */
  @Optional()
  @IsText(200)
  q?: string;

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
