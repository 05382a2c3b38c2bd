import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Access } from '../access/access.decorator.js';
import { Env } from '../config/env.js';
import { AppError } from '../error/app-error.js';
import { Exposition } from '../metrics/exposition.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

@Controller()
export class MetricsController {
  constructor(
    private readonly exposition: Exposition,
    private readonly env: Env,
  ) {}

  @Get('metrics')
  @Access('server.metrics')
  async metrics(@Headers('authorization') credential: string | undefined, @Res({ passthrough: true }) response: Response): Promise<string> {
    this.admit(credential);
    const { type, text } = await this.exposition.page();
    response.setHeader('Content-Type', type);
    return text;
  }

  /** Without a token the figures are open outside production, and in it not there. */
  private admit(credential: string | undefined): void {
    const { METRICS_TOKEN, isProduction } = this.env;
    if (METRICS_TOKEN === undefined) {
      if (isProduction) throw new AppError('route.not_found');
      return;
    }
    if (credential === undefined) throw new AppError('auth.required');
    // Of the digests, which have one length: how long it took tells nothing of the token.
    if (!timingSafeEqual(digest(credential), digest(`Bearer ${METRICS_TOKEN}`))) throw new AppError('auth.invalid_credentials');
  }
}
