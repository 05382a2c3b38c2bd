import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ID_PATTERN } from '../contract/scalar.js';
import { allowedMethods } from '../error/allowed-methods.js';
import { AppError } from '../error/app-error.js';

const ID = new RegExp(`^${ID_PATTERN}$`, 'i');

/** The first guard. Lets nobody take the name of another route for an id: there `PATCH /api/rooms/unread` is no method of the path. */
@Injectable()
export class NamedRouteGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const hasNoName = Object.values(request.params).every((value) => typeof value === 'string' && ID.test(value));
    if (!hasNoName && !allowedMethods(request).includes(request.method)) throw new AppError('route.not_found');
    return true;
  }
}
