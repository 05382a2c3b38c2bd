import type { Count, Time } from './scalar.js';

export interface Health {
  /** `degraded` when a check failed: the process runs, but not all of it works. */
  status: 'ok' | 'degraded';
  timestamp: Time;
  /** Seconds since the start of this process. */
  uptime: Count;
  version: string;
  /** `redis` only where `REDIS_URL` is set: without it servers hear of each other later. */
  checks: { database: 'ok' | 'unavailable'; redis?: 'ok' | 'unavailable' };
}

/** It runs, or it can work: nothing more is told. */
export interface Alive {
  status: 'ok';
}

/** Which server this is. */
export interface ServerCard {
  status: 'ok';
  name: string;
  version: string;
}
