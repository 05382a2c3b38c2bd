import { IsIn, Matches } from 'class-validator';
import { ROOM_SORTS, type RoomSort } from '../contract/inbox.js';
import { MAX_LABEL_NAME } from '../contract/label.js';
import { PRIORITIES, ROOM_STATUSES } from '../contract/room.js';
import { IsId, IsLimit, IsText, Optional } from '../validation/rules.js';

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
  @Matches(/^(me|none|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/, { message: 'must be me, none or an id' })
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
}

export class ListRoomsDto extends RoomFilterDto {
  @Optional()
  @IsIn(ROOM_SORTS, { message: `must be one of ${ROOM_SORTS.join(', ')}` })
  sort?: RoomSort;

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}
