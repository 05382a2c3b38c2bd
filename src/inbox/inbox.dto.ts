import { IsIn, Matches } from 'class-validator';
import { BULK_ACTIONS, ROOM_SORTS, type BulkAction, type RoomSort } from '../contract/inbox.js';
import { MAX_LABEL_NAME, MAX_LABELS_WORN } from '../contract/label.js';
import { PRIORITIES, ROOM_STATUSES } from '../contract/room.js';
import { IsId, IsLimit, IsList, IsSet, IsText, Nullable, Optional, UUID_PATTERN } from '../validation/rules.js';

const MAX_BULK = 100;

/** One of these words, or several with commas between them: the same text in a query and on a socket. */
const oneOrMore = (words: readonly string[]): RegExp => new RegExp(`^(${words.join('|')})(,(${words.join('|')})){0,${words.length - 1}}$`);

/** Which rooms of a list. */
export class RoomFilterDto {
  @Optional()
  @Matches(oneOrMore(ROOM_STATUSES), { message: `must be one or more of ${ROOM_STATUSES.join(', ')}, with commas between them` })
  status?: string;

  @Optional()
  @Matches(oneOrMore(PRIORITIES), { message: `must be one or more of ${PRIORITIES.join(', ')}, with commas between them` })
  priority?: string;

  @Optional()
  @Matches(new RegExp(`^(me|none|${UUID_PATTERN})$`), { message: 'must be me, none or an id' })
  assignee?: string;

  /** By its name. */
  @Optional()
  @IsText(MAX_LABEL_NAME)
  label?: string;

  @Optional()
  @IsId()
  teamId?: string;

  @Optional()
  @IsId()
  customerId?: string;

  /** Looked for in the subject and in what names the customer. */
  @Optional()
  @IsText(200)
  q?: string;
}

export class ListRoomsDto extends RoomFilterDto {
  @Optional()
  @IsIn(ROOM_SORTS, { message: `must be one of ${ROOM_SORTS.join(', ')}` })
  sort?: RoomSort;

  /** What is named beside it counts instead of what the view says. */
  @Optional()
  @IsId()
  view?: string;

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

export class BulkDto {
  @IsList(MAX_BULK)
  @IsId({ each: true })
  roomIds: string[];

  @IsIn(BULK_ACTIONS, { message: `must be one of ${BULK_ACTIONS.join(', ')}` })
  action: BulkAction;

  /** To assign: null for the queue. */
  @Nullable()
  @IsId()
  agentId?: string | null;

  /** To assign: the team that is to answer from now on; null for anybody. */
  @Nullable()
  @IsId()
  teamId?: string | null;

  /** To put on or take off, by their names. */
  @Optional()
  @IsSet(MAX_LABELS_WORN)
  @IsText(MAX_LABEL_NAME, { each: true })
  labels?: string[];
}
