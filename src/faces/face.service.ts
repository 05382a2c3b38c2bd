import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { BusinessService } from '../business/business.service.js';
import { Env } from '../config/env.js';
import { packageFolder } from '../config/package-folder.js';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};
const ENDINGS = { br: '.br', gzip: '.gz', identity: '' } as const;
/** Names of files carry the hash of what is in them. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Sites cannot name the hash of the loader. */
const FOR_MINUTES = 'public, max-age=300';
/** Pages name the files of their build. */
const NO_CACHE = 'no-cache';
const ASSET = /^\/faces\/(assets\/[\w-]+\.(?:js|css))$/;
const PANEL = /^\/widget\/([\w.-]{1,100})$/;
const CONSOLE = /^\/console(?:\/|$)/;
const GUEST_PAGE = /^\/chat\/([^/]{1,300})$/;

type Encoding = keyof typeof ENDINGS;

/** The pages, as the build has left them: the widget, the guest page, a shop to try them on, and the console of the staff. */
@Injectable()
export class FaceService {
  private readonly logger = new Logger(FaceService.name);
  private readonly folder = join(packageFolder(), 'dist/public');
  private readonly files = new Map<string, Promise<Buffer>>();
  /** Of every page, but for its styles and who may hold it. */
  private readonly policy: string;
  private readonly operatorOrigins: string[];

  constructor(
    private readonly env: Env,
    private readonly businesses: BusinessService,
  ) {
    const { origin, host, protocol } = new URL(env.PUBLIC_URL);
    const sockets = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
    this.operatorOrigins = env.CORS_ORIGIN;
    this.policy = [
      "default-src 'none'",
      "script-src 'self'",
      `img-src 'self' ${origin} data: blob: https:`,
      `connect-src 'self' ${origin} ${sockets}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');
  }

  /** Answers what belongs to the faces, and leaves everything else to the routes. */
  readonly handle = (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    this.answer(request, response).then((isAnswered) => {
      if (!isAnswered) next();
    }, next);
  };

  private async answer(request: Request, response: Response): Promise<boolean> {
    const { path } = request;
    const asset = ASSET.exec(path)?.[1];
    if (asset !== undefined) return this.send(request, response, asset, FOR_EVER);
    if (path === '/widget.js') return this.send(request, response, 'widget.js', FOR_MINUTES);
    if (path === '/demo' && this.env.DOCS === 'on') return this.page(request, response, 'demo/index.html', "'none'; frame-src 'self'");
    const framed = PANEL.exec(path)?.[1];
    if (framed !== undefined) {
      const origins = await this.businesses.allowedOrigins(framed);
      if (!origins) return false;
      // A site in which the panel may stand is one that may use the business's API.
      return this.page(request, response, 'widget/panel.html', ["'self'", ...this.operatorOrigins, ...origins].join(' '));
    }
    if (CONSOLE.test(path)) return this.console(request, response);
    const slug = GUEST_PAGE.exec(path)?.[1];
    if (slug === undefined) return false;
    if (!(await this.businesses.allowedOrigins(slug))) response.status(404);
    return this.page(request, response, 'guest/index.html', "'none'");
  }

  /** Every path in it is the same page. Its styles are made while it runs, under a word that no one else knows. */
  private async console(request: Request, response: Response): Promise<boolean> {
    const nonce = randomBytes(16).toString('base64');
    const page = await this.find('console/index.html');
    if (!page) return false;
    this.allow(response, `'self' 'nonce-${nonce}'`, "'none'");
    return this.write(request, response, '.html', NO_CACHE, page.toString().replace('{{nonce}}', nonce));
  }

  private page(request: Request, response: Response, file: string, ancestors: string): Promise<boolean> {
    this.allow(response, "'self'", ancestors);
    return this.send(request, response, file, NO_CACHE);
  }

  private allow(response: Response, styles: string, ancestors: string): void {
    response.setHeader('Content-Security-Policy', `${this.policy}; style-src ${styles}; frame-ancestors ${ancestors}`);
    // Older than the policy, and unable to name a site.
    response.removeHeader('X-Frame-Options');
  }

  private async send(request: Request, response: Response, file: string, cache: string): Promise<boolean> {
    const encoding = (request.acceptsEncodings('br', 'gzip', 'identity') || 'identity') as Encoding;
    const content = await this.find(`${file}${ENDINGS[encoding]}`);
    if (!content) return false;
    response.vary('Accept-Encoding');
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    return this.write(request, response, extname(file), cache, content);
  }

  private write({ method }: Request, response: Response, ending: string, cache: string, content: Buffer | string): true {
    response.setHeader('Cache-Control', cache);
    response.setHeader('Content-Type', TYPES[ending] ?? 'application/octet-stream');
    response.setHeader('Content-Length', Buffer.byteLength(content));
    response.end(method === 'HEAD' ? undefined : content);
    return true;
  }

  private async find(file: string): Promise<Buffer | undefined> {
    try {
      return await this.read(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (!file.startsWith('assets/')) this.logger.error(`${file} was not built: run npm run build`);
      return undefined;
    }
  }

  /** Kept once read: they are few, and a build is not replaced under a server that runs. */
  private read(file: string): Promise<Buffer> {
    let content = this.files.get(file);
    if (!content) {
      content = readFile(join(this.folder, file));
      content.catch(() => this.files.delete(file));
      this.files.set(file, content);
    }
    return content;
  }
}
