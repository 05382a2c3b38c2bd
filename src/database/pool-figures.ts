import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Metrics } from '../metrics/metrics.js';
import { poolOf } from './data-source.js';

/** How busy the connections to the database are. */
@Injectable()
export class PoolFigures {
  constructor(dataSource: DataSource, metrics: Metrics) {
    const pool = poolOf(dataSource);
    metrics.from('parley_database_connections', () => {
      const { totalCount, idleCount, waitingCount } = pool;
      return new Map([
        ['total', totalCount],
        ['idle', idleCount],
        ['waiting', waitingCount],
      ]);
    });
  }
}
