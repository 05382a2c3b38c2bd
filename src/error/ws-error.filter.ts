import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Ack } from '../contract/ack.js';
import { toSocketError } from './app-error.js';
import { logFault } from './log-fault.js';
import { normaliseError } from './normalise-error.js';

/** Answers the ack of every event that failed. Nest itself would leave the ack unanswered and echo the payload back. */
@Catch()
export class WsErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(WsErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const [, , ack] = host.getArgs<[unknown, unknown, ((answer: Ack<never>) => void) | undefined]>();
    const error = normaliseError(thrown);
    const requestId = uuidv7();
    logFault(this.logger, error, requestId);
    if (typeof ack === 'function') ack({ ok: false, error: toSocketError(error, requestId) });
  }
}
