import { IsIn } from 'class-validator';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { RoomIdParam } from '../room/room.dto.js';
import { IsBody, IsId, IsLimit, IsList, IsSeq, Optional } from '../validation/rules.js';

const IsStream = (): PropertyDecorator => (target, property) => {
  Optional()(target, property);
  IsIn(STREAMS, { message: 'must be public or internal' })(target, property);
};

export class MessageIdParam extends RoomIdParam {
  @IsId()
  messageId: string;
}

export class SendMessageDto {
  @IsId()
  clientMessageId: string;

  @Optional()
  @IsBody(MAX_BODY_LENGTH)
  body?: string;

  @IsStream()
  stream?: Stream;

  @Optional()
  @IsList(10)
  @IsId({ each: true })
  attachmentIds?: string[];

  @Optional()
  @IsId()
  replyTo?: string;

  @Optional()
  @IsList(20)
  @IsId({ each: true })
  mentions?: string[];
}

export class EditMessageDto {
  @IsBody(MAX_BODY_LENGTH)
  body: string;
}

export class ListMessagesDto {
  @IsStream()
  stream?: Stream;

  @Optional()
  @IsSeq()
  before?: number;

  @Optional()
  @IsSeq()
  after?: number;

  @IsLimit()
  limit?: number;
}
