import { isUtf8 } from 'node:buffer';
import { Injectable, RequestMethod, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import express, { type Request, type Response } from 'express';
import { AppError, invalid } from '../error/app-error.js';
import { cutRequest } from './cut-request.js';
import { fileFieldOf } from './multipart.decorator.js';

const MAX_BODY = '100kb';
/** For all of a body; a form with a file in it has the longer time of any request. */
const PATIENCE_MS = 30_000;
const NOT_UTF8 = 'encoding.not_utf8';
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

const parseJson = express.json({
  limit: MAX_BODY,
  inflate: false,
  strict: false,
  type: 'application/json',
  // No AppError: the parser writes into what is thrown here, and what it throws itself in doing so ends the process.
  verify: (_request, _response, bytes) => {
    if (!isUtf8(bytes)) throw Object.assign(new Error('The body is not UTF-8'), { status: 400, type: NOT_UTF8 });
  },
});

const hasBody = ({ headers }: Request): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const readBody = async (request: Request, response: Response): Promise<void> => {
  if (!hasBody(request)) {
    request.body = {};
    return;
  }
  const contentType = request.headers['content-type'] ?? '';
  const [type] = contentType.split(';');
  if (type?.trim().toLowerCase() !== 'application/json') throw new AppError('media.unsupported');
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8') throw new AppError('media.unsupported', { message: 'JSON is sent as UTF-8' });
  if (request.headers['content-encoding'] !== undefined)
    throw new AppError('media.unsupported', { message: 'Compressed bodies are not taken' });
  const patience = setTimeout(() => cutRequest(request), PATIENCE_MS).unref();
  await new Promise<void>((done, fail) =>
    parseJson(request, response, (error?: Error & { type?: unknown }) => {
      clearTimeout(patience);
      if (!error) done();
      else fail(error.type === NOT_UTF8 ? invalid('', 'must be UTF-8') : error);
    }),
  );
};

/**
 * Reads the body only after the other guards: who may not call this route is told so, whatever was sent. A guard and not an
 * interceptor, because global interceptors would wrap every socket event as well.
 */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): true | Promise<true> {
    return context.getType() === 'http' ? this.read(context) : true;
  }

  private async read(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<Request>();
    if ((Reflect.getMetadata(METHOD_METADATA, context.getHandler()) as RequestMethod) === RequestMethod.GET) return true;
    // A form is read by its route, which knows where its file goes.
    if (fileFieldOf(context.getHandler()) !== undefined) return true;
    await readBody(request, context.switchToHttp().getResponse<Response>());
    return true;
  }
}
