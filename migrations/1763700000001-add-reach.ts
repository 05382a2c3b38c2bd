import type { MigrationInterface, QueryRunner } from 'typeorm';
import { rewriteFunction, type Replacement } from './rewrite-function.js';

/**
 * Who reaches a room and who may write in it: the twin of `reaches` in `src/access/permissions.ts`, for what is decided under
 * the locks of the database. Both are single expressions, which the planner puts in place of the call.
 */
const REACHES_ROOM = `
CREATE FUNCTION reaches_room(u "user", r room) RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT r.business_id = u.business_id AND CASE WHEN u.role IN ('agent', 'admin')
    THEN u.reach = 'all' OR r.assignee_id IS NOT DISTINCT FROM u.id OR (u.reach = 'team' AND coalesce(r.team_id = ANY (u.team_ids), false))
    ELSE r.customer_id = u.id END
$function$`;

const MAY_WRITE = `
CREATE FUNCTION may_write(u "user", r room, is_internal boolean) RETURNS boolean LANGUAGE sql STABLE AS $function$
  SELECT NOT u.disabled AND NOT u.blocked AND reaches_room(u, r) AND (u.role IN ('agent', 'admin') OR NOT is_internal)
$function$`;

/** What the functions that append entries asked before, and what they ask now. */
const RULES: Record<string, Replacement[]> = {
  append_messages: [
    [
      `AND NOT u.disabled
      AND (u.role IN ('agent', 'admin') OR r.customer_id = u.id AND l.internals = 0)`,
      `AND may_write(u, r, l.internals > 0)`,
    ],
  ],
  append_entries: [
    [`WHEN u.id IS NULL OR u.disabled THEN 'denied'`, `WHEN u.id IS NULL OR u.disabled OR u.blocked THEN 'denied'`],
    [`WHEN u.role NOT IN ('agent', 'admin') AND r.customer_id <> u.id THEN 'missing'`, `WHEN NOT reaches_room(u, r) THEN 'missing'`],
  ],
};

export class AddReach1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REACHES_ROOM);
    await runner.query(MAY_WRITE);
    for (const [name, rules] of Object.entries(RULES)) await rewriteFunction(runner, name, rules);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name, rules] of Object.entries(RULES)) await rewriteFunction(runner, name, rules, true);
    await runner.query('DROP FUNCTION may_write');
    await runner.query('DROP FUNCTION reaches_room');
  }
}
