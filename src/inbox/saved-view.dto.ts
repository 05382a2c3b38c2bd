import { IsIn } from 'class-validator';
import { ROOM_SORTS, type RoomSort } from '../contract/inbox.js';
import { IsId, IsObjectOf, IsText, Optional } from '../validation/rules.js';
import { RoomFilterDto } from './inbox.dto.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

const MAX_NAME = 120;
const SORT_RULE = { message: `must be one of ${ROOM_SORTS.join(', ')}` };

export class ViewIdParam {
  @IsId()
  id: string;
}

export class CreateViewDto {
  @IsText(MAX_NAME)
  name: string;

  @IsObjectOf(() => RoomFilterDto)
  filter: RoomFilterDto;

  @Optional()
  @IsIn(ROOM_SORTS, SORT_RULE)
  sort?: RoomSort;

  /** For all staff; only an admin makes such. */
  @Optional()
  @IsTrueOrFalse()
  shared?: boolean;
}

export class UpdateViewDto {
  @Optional()
  @IsText(MAX_NAME)
  name?: string;

  @Optional()
  @IsObjectOf(() => RoomFilterDto)
  filter?: RoomFilterDto;

  @Optional()
  @IsIn(ROOM_SORTS, SORT_RULE)
  sort?: RoomSort;

  @Optional()
  @IsTrueOrFalse()
  shared?: boolean;
}
