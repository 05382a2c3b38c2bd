import { IsIn } from 'class-validator';
import { PRESENCE_STATUSES, type PresenceStatus } from '../contract/presence.js';
import { ROLES, type Role } from '../contract/user.js';
import { Optional } from '../validation/rules.js';

export class SetPresenceDto {
  @IsIn(PRESENCE_STATUSES, { message: `must be one of ${PRESENCE_STATUSES.join(', ')}` })
  status: PresenceStatus;
}

export class ListPresenceQuery {
  @Optional()
  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role?: Role;
}
