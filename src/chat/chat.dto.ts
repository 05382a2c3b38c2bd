import { IsIn } from 'class-validator';
import { STREAMS, type Stream } from '../contract/message.js';
import { EditMessageDto, ListMessagesDto, MessageIdParam, SendMessageDto } from '../message/message.dto.js';
import { AssignRoomDto, MarkDto, RoomIdParam, TransferRoomDto, UpdateRoomDto } from '../room/room.dto.js';
import { IsId, IsLimit, IsObjectOf, IsSeq, Optional } from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

/** A command that takes nothing. */
export class EmptyCommand {}

class PositionDto {
  @Optional()
  @IsId()
  epoch?: string;

  @Optional()
  @IsSeq()
  public?: number;

  @Optional()
  @IsSeq()
  internal?: number;
}

export class JoinRoomCommand extends RoomIdParam {
  @Optional()
  @IsObjectOf(() => PositionDto)
  after?: PositionDto;

  @IsLimit()
  limit?: number;
}

export class SyncRoomCommand extends RoomIdParam {
  @IsObjectOf(() => PositionDto)
  after: PositionDto;

  @IsLimit()
  limit?: number;
}

export class UpdateRoomCommand extends UpdateRoomDto {
  @IsId()
  roomId: string;
}

export class ToggleAiCommand extends RoomIdParam {
  @IsTrueOrFalse()
  enabled: boolean;
}

export class AssignRoomCommand extends AssignRoomDto {
  @IsId()
  roomId: string;
}

export class TransferRoomCommand extends TransferRoomDto {
  @IsId()
  roomId: string;
}

export class MarkCommand extends MarkDto {
  @IsId()
  roomId: string;
}

export class SendMessageCommand extends SendMessageDto {
  @Optional()
  @IsId()
  roomId?: string;
}

export class EditMessageCommand extends EditMessageDto {
  @IsId()
  roomId: string;

  @IsId()
  messageId: string;
}

export class DeleteMessageCommand extends MessageIdParam {}

export class ListMessagesCommand extends ListMessagesDto {
  @IsId()
  roomId: string;
}

export class TypingCommand extends RoomIdParam {
  @Optional()
  @IsIn(STREAMS, { message: 'must be public or internal' })
  stream?: Stream;
}
