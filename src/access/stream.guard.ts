import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Stream } from '../contract/message.js';
import { AppError } from '../error/app-error.js';
import { commandOf } from './access.decorator.js';
import { isStaff } from './actor.js';
import { callerOf } from './caller.js';
import type { Command } from './permissions.js';

/** The commands that name a stream. */
export const NAMES_STREAM: ReadonlySet<Command | undefined> = new Set<Command>([
  'message.send',
  'message.list',
  'message.mark',
  'message.mark_unread',
  'draft.get',
  'draft.save',
  'draft.delete',
  'typing.start',
  'typing.stop',
]);
const INTERNAL: Stream = 'internal';

const isInternal = (payload: unknown): boolean => (payload as { stream?: unknown } | null | undefined)?.stream === INTERNAL;

/** Refuses a customer that names the internal stream, whatever else is wrong with what it sends: that is not for its role. */
@Injectable()
export class StreamGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const { actor } = callerOf(context);
    if (!actor || isStaff(actor) || !NAMES_STREAM.has(commandOf(context))) return true;
    if (this.payloads(context).some(isInternal)) throw new AppError('access.denied');
    return true;
  }

  private payloads(context: ExecutionContext): unknown[] {
    if (context.getType() === 'ws') return [context.getArgByIndex<unknown>(1)];
    const { body, query } = context.switchToHttp().getRequest<{ body?: unknown; query?: unknown }>();
    return [body, query];
  }
}
