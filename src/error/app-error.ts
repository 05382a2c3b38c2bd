import { ERRORS, type ErrorCode, type FieldError, type Problem, type SocketError } from '../contract/error-code.js';

export interface ErrorExtras {
  /** A sentence for people; the title of the code when it is missing. Names no id that was not sent. */
  message?: string;
  details?: Record<string, unknown>;
  errors?: FieldError[];
  cause?: unknown;
}

/** The one error that use cases throw; both doors turn it into their form of the same answer. */
export class AppError extends Error {
  readonly details?: Record<string, unknown>;
  readonly errors?: FieldError[];

  constructor(
    readonly code: ErrorCode,
    { message, details, errors, cause }: ErrorExtras = {},
  ) {
    super(message ?? ERRORS[code].title, { cause });
    this.details = details;
    this.errors = errors;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A payload or query that is not of the right shape. */
export const invalid = (path: string, message: string): AppError => new AppError('validation.failed', { errors: [{ path, message }] });

const extras = ({ details, errors }: AppError): Pick<SocketError, 'details' | 'errors'> => ({
  ...(details && { details }),
  ...(errors && { errors }),
});

export const toSocketError = (error: AppError, requestId: string): SocketError => ({
  code: error.code,
  message: error.message,
  retryable: ERRORS[error.code].retryable,
  requestId,
  ...extras(error),
});

export const toProblem = (error: AppError, requestId: string): Problem => {
  const { status, title, retryable } = ERRORS[error.code];
  return {
    type: `urn:parley:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    retryable,
    requestId,
    ...extras(error),
  };
};
