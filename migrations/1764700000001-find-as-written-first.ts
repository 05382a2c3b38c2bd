import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TEXT } from './1763830000001-search-people.js';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const PERSON = TEXT('u.');
const SUBJECT = "(' ' || r.subject)";
const OF_CUSTOMERS = `u.business_id = business AND u.role IN ('guest', 'customer') AND NOT u.disabled`;
const ROOMS_LIKE = 'SELECT r.* FROM room r WHERE r.business_id = business AND r.subject IS NOT NULL AND';
const UNLESS_FOUND = `IF FOUND OR length(q) <= 2 THEN RETURN; END IF;`;

const CUSTOMERS: Replacement[] = [
  [
    `(${PERSON} ILIKE pattern OR (length(q) > 2 AND ${PERSON} %> q));`,
    `${PERSON} ILIKE pattern;
  ${UNLESS_FOUND}
  RETURN QUERY SELECT u.id FROM "user" u WHERE ${OF_CUSTOMERS} AND ${PERSON} %> q;`,
  ],
];

const ROOMS: Replacement[] = [
  [
    `(${SUBJECT} ILIKE pattern OR (length(q) > 2 AND ${SUBJECT} %> q))
    UNION ALL SELECT r.* FROM find_customers(business, q) AS c (id) JOIN room r ON r.customer_id = c.id
      WHERE (${SUBJECT} ILIKE pattern OR (length(q) > 2 AND ${SUBJECT} %> q)) IS NOT TRUE;`,
    `${SUBJECT} ILIKE pattern
    UNION ALL SELECT r.* FROM "user" u JOIN room r ON r.customer_id = u.id
      WHERE ${OF_CUSTOMERS} AND ${PERSON} ILIKE pattern AND (${SUBJECT} ILIKE pattern) IS NOT TRUE;
  ${UNLESS_FOUND}
  RETURN QUERY ${ROOMS_LIKE} ${SUBJECT} %> q
    UNION ALL SELECT r.* FROM find_customers(business, q) AS c (id) JOIN room r ON r.customer_id = c.id
      WHERE (${SUBJECT} %> q) IS NOT TRUE;`,
  ],
];

/**
 * What is written so is found, and what is written much like it only where there is no such thing: whoever looked for one address
 * of a large provider got everybody who has one there, and for an order those with its neighbours.
 */
export class FindAsWrittenFirst1764700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'find_customers', CUSTOMERS);
    await rewriteFunction(runner, 'find_rooms', ROOMS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'find_rooms', ROOMS, true);
    await rewriteFunction(runner, 'find_customers', CUSTOMERS, true);
  }
}
