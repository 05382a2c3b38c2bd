import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../access/caller.js';
import { OriginService } from './origin.service.js';

/** Refuses pages of foreign origins, for a signed-in caller all but those of its own business. Sockets are asked in their handshake. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(private readonly origins: OriginService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { origin } = context.switchToHttp().getRequest<Request>().headers;
    if (origin !== undefined) await this.origins.require(origin, callerOf(context).actor?.businessId);
    return true;
  }
}
