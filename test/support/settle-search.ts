import { Chores } from '../../src/database/chores.js';
import type { TestApp } from './app.js';
import { until } from './factories.js';

const BEHIND = `
SELECT 1 FROM stream_counter c LEFT JOIN search_position p USING (room_id)
  WHERE c.public_seq > coalesce(p.public_seq, 0) OR c.internal_seq > coalesce(p.internal_seq, 0)`;

/** Until nothing is left to be indexed. */
export const settleSearch = async (app: TestApp): Promise<void> => {
  await app.app.get(Chores).run('search.catch_up');
  expect(
    await until(
      () => app.sql(BEHIND),
      (rows) => rows.length === 0,
      8_000,
    ),
  ).toEqual([]);
};
