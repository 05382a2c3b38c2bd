import { isForRestricted, ruleOf, type Command } from '../access/permissions.js';
import { ERRORS, type ErrorCode } from '../contract/error-code.js';
import { ROLES, STAFF_ROLES } from '../contract/user.js';
import type { Route, SocketCall } from './doors.js';
import { OPERATIONS } from './operations.js';

const CREDENTIAL = ['auth.required', 'auth.invalid_credentials', 'auth.token_expired', 'auth.session_ended'] as const;
const BODY = ['payload.too_large', 'media.unsupported'] as const;
const ALWAYS = ['validation.failed', 'rate.limited', 'internal', 'unavailable'] as const;

const inOrder = (codes: ErrorCode[]): ErrorCode[] => (Object.keys(ERRORS) as ErrorCode[]).filter((code) => codes.includes(code));

const isForSome = (who: string | readonly string[]): boolean => typeof who !== 'string' && who.length < ROLES.length;

/** Whether staff are refused who lack a second factor that their business requires. */
const isForFullStaff = (command: Command): boolean => {
  const { who } = ruleOf(command);
  return !isForRestricted(command) && who !== 'anyone' && (typeof who === 'string' || STAFF_ROLES.some((role) => who.includes(role)));
};

/** Every code that a route may answer. */
export const codesOfRoute = ({ command, method }: Route): ErrorCode[] => {
  const { who } = ruleOf(command);
  return inOrder([
    ...ALWAYS,
    // Pages of foreign origins are refused everywhere.
    'origin.denied',
    ...(who === 'anyone' ? [] : CREDENTIAL),
    ...(isForSome(who) ? (['access.denied'] as const) : []),
    ...(isForFullStaff(command) ? (['auth.second_factor_required'] as const) : []),
    ...(method === 'GET' ? [] : BODY),
    ...(OPERATIONS[command].errors ?? []),
  ]);
};

/** Every code that the ack of a command may carry. A socket was let in with a good token, which may end. */
export const codesOfCall = ({ command }: SocketCall): ErrorCode[] =>
  inOrder([
    ...ALWAYS,
    'auth.token_expired',
    ...(isForSome(ruleOf(command).who) ? (['access.denied'] as const) : []),
    ...(OPERATIONS[command].errors ?? []),
  ]);

/** Every code that a handshake may be refused with. */
export const HANDSHAKE_CODES = inOrder([
  'auth.required',
  'auth.invalid_credentials',
  'auth.token_expired',
  'auth.session_ended',
  'auth.second_factor_required',
  'origin.denied',
  'rate.limited',
  'internal',
  'unavailable',
]);

/** What a command that does not exist is answered with. */
export const UNKNOWN_CODES = inOrder(['event.unknown', 'rate.limited', 'internal', 'unavailable']);
