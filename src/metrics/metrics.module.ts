import { Global, Module } from '@nestjs/common';
import { Exposition } from './exposition.js';
import { Metrics } from './metrics.js';

@Global()
@Module({ providers: [Metrics, Exposition], exports: [Metrics, Exposition] })
export class MetricsModule {}
