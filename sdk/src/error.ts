import type { ErrorCode, FieldError, SocketError } from '../../src/contract/error-code.js';

/** The server's codes, and two of this client: there is no connection, or no answer came in time. */
export type ClientErrorCode = ErrorCode | 'client.no_connection' | 'client.no_answer';

interface Cause extends Omit<SocketError, 'code' | 'requestId'> {
  code: ClientErrorCode;
  requestId?: string | null;
}

/** Why a call failed, the same over REST and over the socket. */
export class ParleyError extends Error {
  readonly code: ClientErrorCode;
  /** Whether the same call may succeed later. After `client.no_answer` nobody knows whether the call was done. */
  readonly retryable: boolean;
  /** What to tell the operator of the server; null where the server was not reached. */
  readonly requestId: string | null;
  readonly details: Record<string, unknown> | undefined;
  /** The faults of a payload of the wrong shape. */
  readonly errors: readonly FieldError[];

  constructor({ code, message, retryable, requestId = null, details, errors = [] }: Cause, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ParleyError';
    this.code = code;
    this.retryable = retryable;
    this.requestId = requestId;
    this.details = details;
    this.errors = errors;
  }

  /** How long the server asks to wait, in milliseconds. */
  get retryAfterMs(): number | undefined {
    const ms = this.details?.retryAfterMs;
    return typeof ms === 'number' ? ms : undefined;
  }
}

export const noConnection = (cause?: unknown): ParleyError =>
  new ParleyError({ code: 'client.no_connection', message: 'There is no connection to the server', retryable: true }, { cause });

export const noAnswer = (cause?: unknown): ParleyError =>
  new ParleyError({ code: 'client.no_answer', message: 'The server did not answer in time', retryable: true }, { cause });

/** A problem document of REST. */
interface Problem {
  code?: string;
  detail?: string;
  title?: string;
  retryable?: boolean;
  requestId?: string;
  details?: Record<string, unknown>;
  errors?: FieldError[];
}

/** What a failed answer of REST says; a proxy in between may have said anything. */
export const errorOf = (status: number, body: unknown): ParleyError => {
  const problem: Problem = typeof body === 'object' && body !== null ? body : {};
  if (problem.code === undefined) {
    if (status >= 500) return noConnection(body);
    return new ParleyError({ code: 'internal', message: `Something in between answered ${status}`, retryable: false });
  }
  return new ParleyError({
    code: problem.code as ErrorCode,
    message: problem.detail ?? problem.title ?? problem.code,
    retryable: problem.retryable ?? false,
    requestId: problem.requestId,
    details: problem.details,
    errors: problem.errors,
  });
};
