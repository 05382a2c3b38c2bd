import { IsLimit, IsText, Optional } from './rules.js';

/** Which page of a list. */
export class PageQuery {
  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}
