import { ERRORS, type ErrorCode, type SocketError } from '../contract/error-code.js';
import { AppError, toProblem, toSocketError, type ErrorExtras } from '../error/app-error.js';
import type { JsonSchema } from '../validation/rules.js';
import { COMPONENTS } from './contract-schemas.js';
import { agent, REQUEST_ID, ROOM_ID } from './examples.js';

/** The types of what `details` holds, of the codes that tell more. */
const DETAILS: Partial<Record<ErrorCode, string>> = {
  'room.already_assigned': 'AlreadyAssigned',
  'room.already_open': 'AlreadyOpen',
  'upload.too_large': 'DaySpent',
  'rate.limited': 'RateLimited',
};

const EXTRAS: Partial<Record<ErrorCode, ErrorExtras>> = {
  'validation.failed': { errors: [{ path: 'limit', message: 'must be at most 200' }] },
  'message.too_long': { errors: [{ path: 'body', message: 'must be at most 4000 characters' }] },
  'room.already_assigned': { details: { assignee: agent } },
  'room.already_open': { details: { roomId: ROOM_ID } },
  'upload.too_large': { details: { retryAfterMs: 3_600_000 } },
  'rate.limited': { details: { retryAfterMs: 2000 } },
};

const exampleOf = (code: ErrorCode): AppError => new AppError(code, EXTRAS[code]);

export const socketErrorExample = (code: ErrorCode): SocketError => toSocketError(exampleOf(code), REQUEST_ID);

/** The codes with what each means, as a list in Markdown. */
const codeList = (codes: readonly ErrorCode[]): string => codes.map((code) => `- \`${code}\`: ${ERRORS[code].title}`).join('\n');

/** What `details` may hold when one of these codes is given. */
const detailsOf = (codes: readonly ErrorCode[]): JsonSchema => {
  const [first, ...others] = codes.flatMap((code) => DETAILS[code] ?? []).map((name) => ({ $ref: COMPONENTS + name }));
  if (first === undefined) return { not: {} };
  return others.length === 0 ? first : { anyOf: [first, ...others] };
};

/** An error object of the contract that can only have these codes. */
export const narrowed = (name: 'Problem' | 'SocketError', codes: readonly ErrorCode[], status?: number): JsonSchema => ({
  allOf: [
    { $ref: COMPONENTS + name },
    {
      type: 'object',
      properties: { ...(status !== undefined && { status: { const: status } }), code: { enum: codes }, details: detailsOf(codes) },
      required: ['code', ...(codes.every((code) => DETAILS[code] !== undefined) ? ['details'] : [])],
    },
  ],
});

const header = (name: string): object => ({ [name]: { $ref: `#/components/headers/${name}` } });

const headersOf = (status: number): object => ({
  ...header('X-Request-Id'),
  ...(status === 416 && header('Content-Range')),
  ...((status === 429 || status === 503) && header('Retry-After')),
  ...(status === 429 && { ...header('X-RateLimit-Limit'), ...header('X-RateLimit-Remaining'), ...header('X-RateLimit-Reset') }),
});

/** The responses of a route that are errors, one for each status. */
export const problemResponses = (codes: readonly ErrorCode[]): [status: string, name: string, response: object][] =>
  [...new Set(codes.map((code) => ERRORS[code].status))].sort().map((status) => {
    const own = codes.filter((code) => ERRORS[code].status === status);
    const examples = Object.fromEntries(
      own.map((code) => [code, { summary: ERRORS[code].title, value: toProblem(exampleOf(code), REQUEST_ID) }]),
    );
    const response = {
      description: codeList(own),
      headers: headersOf(status),
      content: { 'application/problem+json': { schema: narrowed('Problem', own, status), examples } },
    };
    return [String(status), own.join('-'), response];
  });
