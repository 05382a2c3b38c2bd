import { IsIn } from 'class-validator';
import { MAX_BODY_LENGTH, STREAMS, type Stream } from '../contract/message.js';
import { IsBody, IsId, Nullable, Optional } from '../validation/rules.js';

export class DraftQuery {
  @Optional()
  @IsIn(STREAMS, { message: 'must be public or internal' })
  stream?: Stream;
}

export class SaveDraftDto extends DraftQuery {
  @IsBody(MAX_BODY_LENGTH)
  body: string;

  /** Looked at only when the message is sent. */
  @Nullable()
  @IsId()
  replyTo?: string | null;
}
