import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { toProblem } from './app-error.js';
import { logFault } from './log-fault.js';
import { allowedMethods } from './allowed-methods.js';
import { normaliseError } from './normalise-error.js';
import { AppError } from './app-error.js';

/** Turns whatever was thrown behind a REST route into the problem document of the contract. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(HttpErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    let error = normaliseError(thrown);
    if (error.code === 'route.not_found') {
      const allowed = allowedMethods(request);
      // A route that is there may say that it is not.
      if (allowed.length > 0 && !allowed.includes(request.method)) {
        error = new AppError('method.not_allowed');
        response.setHeader('Allow', allowed.join(', '));
      }
    }
    logFault(this.logger, error, request.id);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const retryAfterMs = error.details?.retryAfterMs;
    if (typeof retryAfterMs === 'number') {
      const seconds = Math.ceil(retryAfterMs / 1000);
      response.setHeader('Retry-After', seconds);
      // Also where it was another limit than that of the route.
      if (error.code === 'rate.limited') response.setHeader('X-RateLimit-Remaining', 0).setHeader('X-RateLimit-Reset', seconds);
    } else if (error.status === 503) response.setHeader('Retry-After', 1);
    response
      .status(error.status)
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(error, request.id)));
  }
}
