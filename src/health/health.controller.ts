import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../access/access.decorator.js';
import { Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import type { Alive, Health, ServerCard } from '../contract/health.js';
import { AppError } from '../error/app-error.js';
import { HealthService } from './health.service.js';
import { START_PAGE_POLICY, startPage } from './start-page.js';

@Controller()
export class HealthController {
  constructor(
    private readonly healths: HealthService,
    private readonly env: Env,
  ) {}

  @Get('/')
  @Access('server.card')
  root(@Req() request: Request, @Res({ passthrough: true }) response: Response): ServerCard | string {
    response.vary('Accept');
    // Whoever takes anything is a program.
    if (request.accepts(['json', 'html']) === 'html') {
      response.setHeader('Content-Security-Policy', START_PAGE_POLICY);
      response.type('html');
      return startPage(this.env.DOCS === 'on');
    }
    return { status: 'ok', name: 'parley', version: VERSION };
  }

  @Get(['health', 'api/health'])
  @Access('server.health')
  health(): Promise<Health> {
    return this.healths.health();
  }

  /** Asks nothing: the process runs. */
  @Get('health/live')
  @Access('server.live')
  live(): Alive {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Access('server.ready')
  async ready(): Promise<Alive> {
    if (!(await this.healths.isReady())) throw new AppError('unavailable');
    return { status: 'ok' };
  }
}
