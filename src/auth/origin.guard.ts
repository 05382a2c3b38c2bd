import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../access/caller.js';
import { OriginService } from './origin.service.js';

/** Refuses pages of foreign origins, for a signed-in caller all but those of its own business. Sockets are asked in their handshake. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(private readonly origins: OriginService) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const origin = context.getType() === 'http' ? context.switchToHttp().getRequest<Request>().headers.origin : undefined;
    if (origin === undefined) return true;
    return this.origins.require(origin, callerOf(context).actor?.businessId).then(() => true);
  }
}
