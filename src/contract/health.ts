import type { Count, Time } from './scalar.js';

/** Whether something that the server needs works. More is not told. */
export type CheckState = 'ok' | 'unavailable';

/** What was looked at. */
export interface HealthChecks {
  /** Whether the database answers. */
  database: CheckState;
  /** Whether there is room left for data, and where uploads are written. */
  disk: CheckState;
  /** Whether mails leave: none has waited for a quarter of an hour. */
  mail: CheckState;
  /** Whether listeners get what is stored: no room has been behind for ten seconds. */
  delivery: CheckState;
  /** Whether Redis answers, where one is set. */
  redis?: CheckState;
}

export interface Health {
  /** `degraded` when a check failed: the process runs, but not all of it works. */
  status: 'ok' | 'degraded';
  timestamp: Time;
  /** Seconds since the start of this process. */
  uptime: Count;
  version: string;
  checks: HealthChecks;
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
