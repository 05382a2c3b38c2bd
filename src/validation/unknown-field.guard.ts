import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Request } from 'express';
import { invalid } from '../error/app-error.js';
import { isPlainObject } from './rules.js';

const takes = (context: ExecutionContext, source: RouteParamtypes): boolean => {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${source}:`));
};

/** The parser of queries puts U+FFFD for what is no UTF-8. A percent sign that escapes nothing stands for itself. */
const isQueryUtf8 = ({ originalUrl }: Request): boolean => {
  const at = originalUrl.indexOf('?');
  if (at === -1) return true;
  try {
    decodeURIComponent(originalUrl.slice(at).replace(/%(?![0-9a-f]{2})/gi, '%25'));
    return true;
  } catch {
    return false;
  }
};

/** The last guard: refuses a query or a body on a route that takes none, so that no field is ever ignored, and a query that is no text. */
@Injectable()
export class UnknownFieldGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (!isQueryUtf8(request)) throw invalid('', 'must be UTF-8');
    this.refuseFields(request.query, takes(context, RouteParamtypes.QUERY));
    // What has no body by now is a form, or a GET.
    if (request.body !== undefined) this.refuseFields(request.body, takes(context, RouteParamtypes.BODY));
    return true;
  }

  private refuseFields(given: unknown, isTaken: boolean): void {
    if (isTaken) return;
    if (!isPlainObject(given)) throw invalid('', 'must be one plain object');
    const [unknownField] = Object.keys(given);
    if (unknownField !== undefined) throw invalid(unknownField, 'is not a known field');
  }
}
