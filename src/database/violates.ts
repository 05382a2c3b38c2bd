import { QueryFailedError } from 'typeorm';

/** Whether PostgreSQL refused a second row under this unique index. */
export const violates = (error: unknown, index: string): boolean =>
  error instanceof QueryFailedError && (error.driverError as { constraint?: string }).constraint === index;
