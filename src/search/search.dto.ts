import { IsIn } from 'class-validator';
import { SEARCH_PLACES, type SearchPlace } from '../contract/search.js';
import { IsLimit, IsText, Optional } from '../validation/rules.js';

export class SearchMessagesDto {
  @IsText(200)
  q: string;

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

export class SearchDto extends SearchMessagesDto {
  @Optional()
  @IsIn(SEARCH_PLACES, { message: `must be one of ${SEARCH_PLACES.join(', ')}` })
  in?: SearchPlace;
}
