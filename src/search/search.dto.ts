import { IsIn } from 'class-validator';
import { SEARCH_PLACES, type SearchPlace } from '../contract/search.js';
import { PageQuery } from '../validation/page-query.js';
import { IsText, Optional } from '../validation/rules.js';

export class SearchMessagesDto extends PageQuery {
  @IsText(200)
  q: string;
}

export class SearchDto extends SearchMessagesDto {
  @Optional()
  @IsIn(SEARCH_PLACES, { message: `must be one of ${SEARCH_PLACES.join(', ')}` })
  in?: SearchPlace;
}
