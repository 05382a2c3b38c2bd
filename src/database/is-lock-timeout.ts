const LOCK_NOT_AVAILABLE = '55P03';

/** Whether PostgreSQL gave up waiting for a lock that another transaction holds. */
export const isLockTimeout = (error: unknown): boolean => (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE;
