import { IsLimit, IsText, Optional } from '../validation/rules.js';

export class ListDecisionsQuery {
  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}
