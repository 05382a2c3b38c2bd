const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Whether PostgreSQL gave up waiting for a lock that another transaction holds. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === LOCK_NOT_AVAILABLE;

/** Whether PostgreSQL ended a statement that took longer than `statement_timeout`. */
export const isStatementTimeout = (error: unknown): boolean => codeOf(error) === QUERY_CANCELED;
