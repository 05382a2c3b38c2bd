import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError } from '../error/app-error.js';
import { commandOf } from './access.decorator.js';
import { callerOf } from './caller.js';
import { isForRestricted, ruleOf } from './permissions.js';

/** Refuses a role that may never do this, and all but the own account to whoever lacks a required second factor. Fails closed: a handler without a row in the table answers nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const command = commandOf(context);
    if (!command) throw new AppError('access.denied');
    const { who } = ruleOf(command);
    const { actor } = callerOf(context);
    if (actor?.isRestricted && !isForRestricted(command)) throw new AppError('auth.second_factor_required');
    if (typeof who === 'string') return true;
    if (!actor) throw new AppError('auth.required');
    if (!who.includes(actor.role)) throw new AppError('access.denied');
    return true;
  }
}
