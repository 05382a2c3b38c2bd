import type { Logger } from '@nestjs/common';
import type { AppError } from './app-error.js';

/** Logs what an operator should know of: our own faults whole, a dependency that is away in one line, and nothing of what clients do wrong. */
export const logFault = (logger: Logger, error: AppError, requestId: string): void => {
  const { code, cause } = error;
  if (error.status === 500) logger.error({ requestId, code, err: cause ?? error }, 'a request failed');
  else if (error.status > 500 && cause instanceof Error)
    logger.warn({ requestId, code, reason: cause.message }, 'a request could not be served');
};
