import { Controller, Get } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import { VERSION } from '../config/version.js';
import type { Alive, Health, ServerCard } from '../contract/health.js';
import { AppError } from '../error/app-error.js';
import { HealthService } from './health.service.js';

@Controller()
export class HealthController {
  constructor(private readonly healths: HealthService) {}

  @Get('/')
  @Access('server.card')
  root(): ServerCard {
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
