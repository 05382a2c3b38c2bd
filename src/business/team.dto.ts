import { MAX_TEAM_MEMBERS, MAX_TEAM_NAME } from '../contract/team.js';
import { IsId, IsList, IsText, Optional } from '../validation/rules.js';

export class TeamIdParam {
  @IsId()
  id: string;
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
