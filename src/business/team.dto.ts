import { MAX_TEAM_MEMBERS, MAX_TEAM_NAME } from '../contract/team.js';
import { IsId, IsLimit, IsList, IsText, Optional } from '../validation/rules.js';

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
  @IsText(MAX_TEAM_NAME)
  name: string;

  @Optional()
  @IsList(MAX_TEAM_MEMBERS)
  @IsId({ each: true })
  agentIds?: string[];
}

export class UpdateTeamDto {
  @Optional()
  @IsText(MAX_TEAM_NAME)
  name?: string;

  @Optional()
  @IsList(MAX_TEAM_MEMBERS)
  @IsId({ each: true })
  agentIds?: string[];
}
