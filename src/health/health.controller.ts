import { Controller, Get } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import { VERSION } from '../config/version.js';
import { AppError } from '../error/app-error.js';
import { HealthService, type Health } from './health.service.js';

@Controller()
export class HealthController {
  constructor(private readonly healths: HealthService) {}

  @Get('/')
  @Access('server.health')
  root(): { status: 'ok'; name: string; version: string } {
    return { status: 'ok', name: 'parley', version: VERSION };
  }

  @Get(['health', 'api/health'])
  @Access('server.health')
  health(): Promise<Health> {
    return this.healths.health();
  }

  /** Asks nothing: the process runs. */
  @Get('health/live')
  @Access('server.health')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Access('server.health')
  async ready(): Promise<{ status: 'ok' }> {
    if (!(await this.healths.isReady())) throw new AppError('unavailable');
    return { status: 'ok' };
  }
}
