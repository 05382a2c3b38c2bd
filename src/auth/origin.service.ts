import { Injectable } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { Env } from '../config/env.js';
import { AppError } from '../error/app-error.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Which web pages may use this server: the operator's everywhere, a business's own for itself. Whoever sends no Origin is no page. */
@Injectable()
export class OriginService {
  private readonly operatorOrigins: Set<string>;

  constructor(
    env: Env,
    private readonly businesses: BusinessService,
  ) {
    const { protocol, hostname, port, origin } = new URL(env.PUBLIC_URL);
    const sameMachine = LOOPBACK.includes(hostname) ? LOOPBACK.map((host) => new URL(`${protocol}//${host}:${port}`).origin) : [];
    this.operatorOrigins = new Set([origin, ...sameMachine, ...env.CORS_ORIGIN]);
  }

  /** Of any business when none is named: all that is known before the credential is read. */
  async isAllowed(origin: string | null | undefined, businessId?: string): Promise<boolean> {
    if (origin == null) return true;
    return this.operatorOrigins.has(origin) || this.businesses.allowsOrigin(origin, businessId);
  }

  /** @throws AppError `origin.denied`. */
  async require(origin: string | null | undefined, businessId?: string): Promise<void> {
    if (!(await this.isAllowed(origin, businessId))) throw new AppError('origin.denied');
  }
}
