import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

/** Where a REST call comes from. */
export interface ClientInfo {
  ip: string | null;
  userAgent: string | null;
  /** The page's origin; null for what is not a browser page of another origin. */
  origin: string | null;
}

export const Client = createParamDecorator((_: unknown, context: ExecutionContext): ClientInfo => {
  const request = context.switchToHttp().getRequest<Request>();
  return {
    ip: request.ip ?? null,
    userAgent: request.get('user-agent')?.slice(0, 500) ?? null,
    origin: request.get('origin') ?? null,
  };
});
