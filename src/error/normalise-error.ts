import { isNativeError } from 'node:util/types';
import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '../contract/error-code.js';
import { AppError } from './app-error.js';

/** PostgreSQL's words for "not now": connection trouble, shutdown, too many connections, cancelled by a timeout, lock not had. */
const PASSING_SQL_STATE = /^(08|53|57|58|40|55P03|25P0[23])/;
const PASSING_CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)/;
const PASSING_MESSAGE =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|connection is not queryable|Driver not Connected|already released|pool after calling end/i;

/** Whether a database call failed for a reason that passes: the outcome is unknown and a retry is right. */
export const isDatabaseAway = (error: unknown): boolean => {
  // Also of Node's own, which in a sandbox is made from another class.
  if (!isNativeError(error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (PASSING_SQL_STATE.test(code) || PASSING_CONNECTION.test(code))) return true;
  return PASSING_MESSAGE.test(error.message);
};

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'validation.failed',
  401: 'auth.required',
  403: 'access.denied',
  404: 'route.not_found',
  405: 'method.not_allowed',
  413: 'payload.too_large',
  415: 'media.unsupported',
  429: 'rate.limited',
  503: 'unavailable',
};

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof HttpException) return error.getStatus();
  // What Express' own parts throw carries a status and says so with `expose`.
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' ? status : undefined;
};

/** Any thrown thing as an AppError; what nobody foresaw becomes `internal` with the cause kept for the log. */
export const normaliseError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error)) return new AppError('unavailable', { cause: error });
  const status = statusOf(error);
  const code = status === undefined ? undefined : BY_STATUS[status];
  return code ? new AppError(code, { cause: error }) : new AppError('internal', { cause: error });
};
