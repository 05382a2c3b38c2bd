import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const LOOKS: Replacement[] = [
  [
    'AND NOT EXISTS (SELECT FROM search_message s WHERE s.message_id = m.id)',
    'AND (SELECT s.bucket_id FROM search_message s WHERE s.message_id = m.id) IS NULL',
  ],
  [
    `LEFT JOIN search_message s ON s.message_id = m.id
      CROSS JOIN LATERAL (SELECT coalesce(s.bucket_id, buckets[array_position(businesses, r.business_id)]) AS bucket) place`,
    `CROSS JOIN LATERAL (SELECT coalesce((SELECT s.bucket_id FROM search_message s WHERE s.message_id = m.id),
        buckets[array_position(businesses, r.business_id)]) AS bucket) place`,
  ],
];

/** Each message is looked up in the index by its key: joined, it was compared with the whole index while PostgreSQL still took that for small. */
export class IndexByKey1763900000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'follow_streams', LOOKS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'follow_streams', LOOKS, true);
  }
}
