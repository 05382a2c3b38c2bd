import { LIMITS, type BucketName, type Limit } from '../access/limits.js';
import { ruleOf, type Command } from '../access/permissions.js';
import { CUSTOMER_ROLES, ROLES, STAFF_ROLES, type Role } from '../contract/user.js';

const isSame = (some: readonly Role[], others: readonly Role[]): boolean =>
  some.length === others.length && others.every((one) => some.includes(one));

/** Who may call a command, in words. */
export const callersOf = (command: Command): string => {
  const { who } = ruleOf(command);
  if (who === 'anyone') return 'anyone';
  if (who === 'anyone, known') return 'anyone; a credential that is sent counts';
  if (isSame(who, ROLES)) return 'anyone signed in';
  if (isSame(who, STAFF_ROLES)) return 'agents and admins';
  if (isSame(who, CUSTOMER_ROLES)) return 'guests and customers';
  return who.map((role) => `${role}s`).join(', ');
};

const timeOf = (seconds: number): string => ({ 60: 'a minute', 3600: 'an hour' })[seconds] ?? `in ${seconds} s`;
const rateOf = (bucket: BucketName): string => {
  const { calls, seconds, burst }: Limit = LIMITS[bucket];
  return `${calls} ${timeOf(seconds)}${burst < calls ? `, ${burst} at once` : ''}`;
};

/** How often one person, or one address without a credential, may call a command. */
export const limitOf = (command: Command): string => {
  const { who, limit } = ruleOf(command);
  if (limit === 'send') return `${rateOf('sendStaff')} for agents and admins; ${rateOf('sendGuest')} for guests and customers`;
  return rateOf(limit ?? (typeof who === 'string' ? 'anonymous' : 'general'));
};
