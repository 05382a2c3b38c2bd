import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { newId } from './database/new-id.js';
import { OriginService } from './auth/origin.service.js';
import { SocketAdapter } from './chat/socket.adapter.js';
import { Env } from './config/env.js';
import { AppError, toProblem } from './error/app-error.js';
import { FaceService } from './faces/face.service.js';
import { Metrics } from './metrics/metrics.js';

const HEADERS_TIMEOUT_MS = 10_000;
/** For an upload; JSON has less time, see JsonBodyGuard. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;
const PREFLIGHT_SECONDS = 600;
/** What pages of other origins may read of an answer beside its body. */
const EXPOSED = [
  'X-Request-Id',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Content-Disposition',
  'Content-Range',
];

const requestLog = (logger: Logger): HttpLogger =>
  pinoHttp({
    logger,
    genReqId: (_request: IncomingMessage, response: ServerResponse) => {
      const id = newId();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    // Without the query string, headers and body: they hold what is nobody's business.
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({ id, method, path: url.split('?')[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });

/** By the pattern of the route, never by the path that was asked for: there is no end of those. */
const requestCount = (metrics: Metrics) => {
  const answered = metrics.tally('parley_http_requests_total');
  return (request: Request, response: Response, next: NextFunction): void => {
    response.once('finish', () => {
      const { path } = (request.route ?? {}) as { path?: string };
      const route = path === undefined ? 'any none' : `${request.method} ${path}`;
      answered.add(`${route} ${Math.floor(response.statusCode / 100)}xx`);
    });
    next();
  };
};

/** Everything around the routes. The server and the tests call the same function. */
export const configureApp = (app: NestExpressApplication, logger: Logger): void => {
  const env = app.get(Env);
  const origins = app.get(OriginService);
  const isTls = env.PUBLIC_URL.startsWith('https:');
  app.set('trust proxy', env.trustProxy);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(requestLog(logger));
  app.use(requestCount(app.get(Metrics)));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: isTls,
      crossOriginResourcePolicy: { policy: 'cross-origin' },
    }),
  );
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    // Nobody keeps an answer, so there is none to compare with: no answer is 304, not even to `*`.
    delete request.headers['if-none-match'];
    next();
  });
  // Before the origin is looked at: pages of this server and scripts on other sites are for everybody.
  app.use(app.get(FaceService).handle);
  app.use((request: Request & { id: string }, response: Response, next: NextFunction) => {
    const { origin } = request.headers;
    origins.isAllowed(origin).then((isAllowed) => {
      if (isAllowed) {
        next();
        return;
      }
      const problem = toProblem(new AppError('origin.denied'), request.id);
      response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    }, next);
  });
  // Foreign origins did not come this far.
  app.enableCors({ origin: true, maxAge: PREFLIGHT_SECONDS, exposedHeaders: EXPOSED });
  app.useWebSocketAdapter(new SocketAdapter(app));
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
};
