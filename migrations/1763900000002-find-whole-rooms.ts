import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const LIKE_THE_SUBJECT = `(' ' || r.subject) ILIKE pattern OR (length(q) > 2 AND (' ' || r.subject) %> q)`;

const PIECES: Replacement[] = [
  ['RETURNS SETOF uuid', 'RETURNS SETOF room'],
  ['SELECT r.id FROM room r WHERE r.business_id', 'SELECT r.* FROM room r WHERE r.business_id'],
  [
    'UNION SELECT r.id FROM find_customers(business, q) AS c (id) JOIN room r ON r.customer_id = c.id;',
    `UNION ALL SELECT r.* FROM find_customers(business, q) AS c (id) JOIN room r ON r.customer_id = c.id
      WHERE (${LIKE_THE_SUBJECT}) IS NOT TRUE;`,
  ],
];

/** The rooms that are found are put in order by themselves: who has only their ids walks along all rooms of the business to find their places. */
export class FindWholeRooms1763900000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'find_rooms', PIECES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'find_rooms', PIECES, true);
  }
}
