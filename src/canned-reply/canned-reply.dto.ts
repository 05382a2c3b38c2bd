import { Matches } from 'class-validator';
import { MAX_SHORTCUT } from '../contract/canned-reply.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import { RoomIdParam } from '../room/room.dto.js';
import { PageQuery } from '../validation/page-query.js';
import { IsBody, IsId, IsText, Optional } from '../validation/rules.js';

/** What is typed behind a slash, so of signs that every keyboard has. */
const SHORTCUT = new RegExp(`^[A-Za-z0-9_-]{1,${MAX_SHORTCUT}}$`);

const IsShortcut = (): PropertyDecorator => Matches(SHORTCUT, { message: `must be 1 to ${MAX_SHORTCUT} letters, digits, - or _` });

export class CannedReplyIdParam {
  @IsId()
  id: string;
}

export class ListCannedRepliesQuery extends PageQuery {
  /** Taken literally, whatever signs are in it. */
  @Optional()
  @IsText(200)
  q?: string;
}

export class CreateCannedReplyDto {
  @IsShortcut()
  shortcut: string;

  @IsBody(MAX_BODY_LENGTH)
  body: string;
}

export class UpdateCannedReplyDto {
  @Optional()
  @IsShortcut()
  shortcut?: string;

  @Optional()
  @IsBody(MAX_BODY_LENGTH)
  body?: string;
}

export class RenderCannedReplyDto extends RoomIdParam {}
