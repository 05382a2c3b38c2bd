import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const REFUSAL: Replacement[] = [
  [
    `WHEN r.status = 'closed' AND u.role <> 'bot' THEN 'closed'`,
    `WHEN r.status = 'closed' AND u.role <> 'bot'
          OR u.role = 'bot' AND (SELECT k.disabled FROM "user" k WHERE k.id = r.customer_id) THEN 'closed'`,
  ],
];

const ERASE = `
WITH erased AS (
  UPDATE message m SET body = NULL, first_body = NULL, fingerprint = NULL, deleted_at = now()
    FROM room r
    JOIN "user" k ON k.id = r.customer_id AND k.disabled
    JOIN "user" b ON b.business_id = r.business_id AND b.role = 'bot'
    WHERE m.room_id = r.id AND m.sender_id = b.id AND m.kind IN ('text', 'image', 'file') AND m.deleted_at IS NULL
    RETURNING m.id
)
DELETE FROM search_message WHERE message_id IN (SELECT id FROM erased)`;

/**
 * What a machine wrote for a person that erased itself goes with it, of those before as well; and it writes there no more. Of what
 * goes here no entry tells: whoever has it on the screen has it until the next look.
 */
export class RefuseMachinesWhereErased1764700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', REFUSAL);
    await runner.query(ERASE);
  }

  /** What was erased stays so. */
  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', REFUSAL, true);
  }
}
