import { IsId, IsLimit, IsList, IsText, Optional } from '../validation/rules.js';

const MAX_NAME = 120;
const MAX_MEMBERS = 1_000;

export class TeamIdParam {
  @IsId()
  id: string;
}

export class ListTeamsQuery {
  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

export class CreateTeamDto {
  @IsText(MAX_NAME)
  name: string;

  @Optional()
  @IsList(MAX_MEMBERS)
  @IsId({ each: true })
  agentIds?: string[];
}

export class UpdateTeamDto {
  @Optional()
  @IsText(MAX_NAME)
  name?: string;

  @Optional()
  @IsList(MAX_MEMBERS)
  @IsId({ each: true })
  agentIds?: string[];
}
