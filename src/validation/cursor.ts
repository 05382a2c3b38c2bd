import { invalid } from '../error/app-error.js';
import type { Page } from '../contract/page.js';

/** An opaque cursor over the sort values of the last item of a page. */
export const encodeCursor = (values: string[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');

/** @throws AppError `validation.failed` when this list gives no such cursor. */
export const decodeCursor = (cursor: string, checks: ((value: string) => boolean)[]): string[] => {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs =
      Array.isArray(values) &&
      values.length === checks.length &&
      // PostgreSQL has no NUL in any text.
      values.every((value, i) => typeof value === 'string' && !value.includes('\0') && checks[i]?.(value));
    if (isOurs) return values as string[];
  } catch {
    // Falls through to the one answer for every bad cursor.
  }
  throw invalid('cursor', 'must be the nextCursor of this list');
};

/** Cuts what was read, one item more than the page holds, to a page. */
export const toPage = <Row>(rows: Row[], limit: number, cursorOf: (row: Row) => string[]): Page<Row> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null };
};
