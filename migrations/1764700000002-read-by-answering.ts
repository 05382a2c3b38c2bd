import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const MARKS: Replacement[] = [
  [
    'internal_read = greatest(k.internal_read, excluded.internal_read)',
    `internal_read = greatest(k.internal_read, excluded.internal_read),
      public_unread_from = CASE WHEN excluded.public_read > 0 THEN NULL ELSE k.public_unread_from END,
      internal_unread_from = CASE WHEN excluded.internal_read > 0 THEN NULL ELSE k.internal_unread_from END`,
  ],
];

/** Whoever marked a stream as unread and then answers in it has read it. */
export class ReadByAnswering1764700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of ['append_entries', 'append_messages']) await rewriteFunction(runner, name, MARKS);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['append_entries', 'append_messages']) await rewriteFunction(runner, name, MARKS, true);
  }
}
