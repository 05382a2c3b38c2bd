import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

const RULES: Replacement[] = [
  [
    `WHEN u.id IS NULL OR u.disabled OR u.blocked THEN 'denied'
        WHEN NOT reaches_room(u, r) THEN 'missing'`,
    `WHEN u.id IS NULL THEN 'denied'
        WHEN NOT reaches_room(u, r) THEN 'missing'
        WHEN u.disabled OR u.blocked THEN 'denied'`,
  ],
];

/** A room out of reach answers as one that does not exist, also to who may not write: the refusal would tell that it is there. */
export class RefuseTheBlocked1763720000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', RULES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await rewriteFunction(runner, 'append_entries', RULES, true);
  }
}
