import { IsIn, IsInt, Max, Min } from 'class-validator';
import { MAX_CAPACITY, MAX_NAME_LENGTH, STAFF_ROLES, type StaffRole } from '../contract/user.js';
import { PageQuery } from '../validation/page-query.js';
import { IsId, IsList, IsMailAddress, IsText, Nullable, Optional } from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

export class AgentIdParam {
  @IsId()
  id: string;
}

export class ListAgentsQuery extends PageQuery {
  @Optional()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  online?: 'true' | 'false';
}

/** How many unclosed rooms an agent may hold at once; null is unlimited. */
export const IsCapacity = (): PropertyDecorator => (target, property) => {
  Nullable()(target, property);
  IsInt({ message: 'must be a whole number' })(target, property);
  Min(0, { message: 'must be at least 0' })(target, property);
  Max(MAX_CAPACITY, { message: `must be at most ${MAX_CAPACITY}` })(target, property);
};

/** The teams of an agent: all of them, in place of those it was in. */
export const IsTeamIds = (): PropertyDecorator => (target, property) => {
  Optional()(target, property);
  IsList(100)(target, property);
  IsId({ each: true })(target, property);
};

export class UpdateAgentDto {
  @Optional()
  @IsMailAddress()
  email?: string;

  @Optional()
  @IsText(MAX_NAME_LENGTH)
  name?: string;

  @Optional()
  @IsIn(STAFF_ROLES, { message: 'must be agent or admin' })
  role?: StaffRole;

  @IsTeamIds()
  teamIds?: string[];

  @IsCapacity()
  capacity?: number | null;

  @Optional()
  @IsTrueOrFalse()
  disabled?: boolean;
}
