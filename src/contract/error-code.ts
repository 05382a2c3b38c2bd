import type { Count, FreeObject, Id } from './scalar.js';
import type { AgentUser } from './user.js';

/** What a client learns of one kind of failure: the HTTP status, a short title, whether the same request may succeed later. */
export interface ErrorKind {
  status: number;
  title: string;
  retryable: boolean;
}

const final = (status: number, title: string): ErrorKind => ({ status, title, retryable: false });
const passing = (status: number, title: string): ErrorKind => ({ status, title, retryable: true });

/** Every code a client can meet, the same on both doors. REST sends it as `code` of a problem document, sockets as `error.code`. */
export const ERRORS = {
  'validation.failed': final(400, 'The request has the wrong shape'),
  'message.too_long': final(400, 'The message is too long'),
  'auth.password_weak': final(400, 'The password is too weak'),
  'event.unknown': final(400, 'There is no such event'),
  'auth.required': final(401, 'A credential is required'),
  'auth.invalid_credentials': final(401, 'The credential is not valid'),
  'auth.token_expired': final(401, 'The token has expired'),
  'auth.token_reused': final(401, 'The refresh token was used before'),
  'auth.session_ended': final(401, 'The session has ended'),
  'auth.code_required': final(401, 'A code of the second factor is required'),
  'access.denied': final(403, 'You may not do this'),
  'origin.denied': final(403, 'This origin is not allowed'),
  'auth.second_factor_required': final(403, 'The business requires a second factor'),
  'business.not_found': final(404, 'There is no such business'),
  'user.not_found': final(404, 'There is no such user'),
  'session.not_found': final(404, 'There is no such session'),
  'team.not_found': final(404, 'There is no such team'),
  'label.not_found': final(404, 'There is no such label'),
  'view.not_found': final(404, 'There is no such view'),
  'room.not_found': final(404, 'There is no such room'),
  'message.not_found': final(404, 'There is no such message'),
  'upload.not_found': final(404, 'There is no such upload'),
  'canned_reply.not_found': final(404, 'There is no such canned reply'),
  'rule.not_found': final(404, 'There is no such rule'),
  'article.not_found': final(404, 'There is no such article'),
  'link.not_found': final(404, 'There is no such link'),
  'route.not_found': final(404, 'There is no such route'),
  'method.not_allowed': final(405, 'This route does not take this method'),
  'auth.email_taken': final(409, 'The e-mail address is taken'),
  'auth.second_factor_active': final(409, 'The second factor is on already'),
  'auth.second_factor_inactive': final(409, 'The second factor is not on'),
  'business.slug_taken': final(409, 'The slug is taken'),
  'customer.external_id_taken': final(409, 'Another customer has this external id'),
  'team.name_taken': final(409, 'The name of the team is taken'),
  'label.name_taken': final(409, 'The name of the label is taken'),
  'label.limit_reached': final(409, 'The business has as many labels as it may have'),
  'view.limit_reached': final(409, 'There are as many views as there may be'),
  'canned_reply.shortcut_taken': final(409, 'Another canned reply has this shortcut'),
  'canned_reply.too_many': final(409, 'A business has no more than 1,000 canned replies'),
  'ai.not_configured': final(409, 'The business has no AI that can do this'),
  'rule.limit_reached': final(409, 'The business has as many rules as it may have'),
  'article.limit_reached': final(409, 'The business has as many articles as it may have'),
  'room.closed': final(409, 'The room is closed'),
  'room.not_closed': final(409, 'The room is not closed yet'),
  'room.already_assigned': final(409, 'The room already has an assignee'),
  'room.already_open': final(409, 'The customer has another open room'),
  'agent.at_capacity': final(409, 'The agent is at capacity'),
  'agent.unavailable': final(409, 'The agent is not available'),
  'agent.last_admin': final(409, 'A business keeps at least one admin'),
  'agent.already_active': final(409, 'The invitation was accepted already'),
  'message.idempotency_mismatch': final(409, 'This clientMessageId was used for another message'),
  'upload.not_attachable': final(409, 'The upload belongs to a message already'),
  'edit.window_over': final(409, 'The time for changes is over'),
  'link.expired': final(410, 'The link was used or has expired'),
  'payload.too_large': final(413, 'The payload is too large'),
  'upload.too_large': final(413, 'The file is too large'),
  'media.unsupported': final(415, 'This media type is not supported'),
  'upload.type_refused': final(415, 'Files of this type are not taken'),
  'upload.range_unsatisfiable': final(416, 'The file has no such bytes'),
  'rate.limited': passing(429, 'Too many requests'),
  internal: final(500, 'Internal error'),
  unavailable: passing(503, 'The service is not available right now'),
  'storage.full': final(507, 'There is no room left for files'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** One fault of a refused payload; `path` is dotted, empty for the payload itself. */
export interface FieldError {
  path: string;
  message: string;
}

/** Details of `room.already_assigned`. */
export interface AlreadyAssigned {
  /** Who holds the room. */
  assignee: AgentUser;
}

/** Details of `room.already_open`. */
export interface AlreadyOpen {
  /** The room that is open; null when it was closed in the meantime. */
  roomId: Id | null;
}

/** Details of `upload.too_large` when it is not the file, but the amount of the day. */
export interface DaySpent {
  /** How long to wait, in milliseconds. */
  retryAfterMs: Count;
}

/** Details of `rate.limited`. */
export interface RateLimited {
  /** How long to wait, in milliseconds. */
  retryAfterMs: Count;
}

/** The error object of a socket ack and of a refused handshake. */
export interface SocketError {
  code: ErrorCode;
  /** A sentence for people. */
  message: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** What to tell the operator: the log names it too. */
  requestId: Id;
  /** What a program may want to know; which fields, the code decides: most have none. */
  details?: FreeObject;
  /** The faults of a payload of the wrong shape. */
  errors?: FieldError[];
}

/** The body of every REST error, RFC 9457 `application/problem+json`. */
export interface Problem {
  /** `urn:parley:error:` and the code. */
  type: string;
  /** A few words for people, the same for each code. */
  title: string;
  /** The HTTP status again. */
  status: Count;
  /** A sentence for people. */
  detail: string;
  code: ErrorCode;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** What to tell the operator: the log and the header `X-Request-Id` name it too. */
  requestId: Id;
  /** What a program may want to know; which fields, the code decides: most have none. */
  details?: FreeObject;
  /** The faults of a payload of the wrong shape. */
  errors?: FieldError[];
}
