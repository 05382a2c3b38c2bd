import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Env } from './env.js';

/** Gives the settings that `main.ts` or a test has read to every module. */
@Global()
@Module({})
export class ConfigModule {
  static with(env: Env): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Env, useValue: env }], exports: [Env] };
  }
}
