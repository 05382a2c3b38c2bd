import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Chores } from '../database/chores.js';
import { FIRST_ID } from '../database/new-id.js';

const DAY_SECONDS = 86_400;

/**
 * Looks at the next thousand old guests, in the order of their coming, and deletes those on whom nothing hangs: no session,
 * no room, no mail. So no statement is long, however many guests have rooms and stay.
 */
const DELETE_NEXT = `
WITH looked AS MATERIALIZED (
  SELECT id, created_at FROM "user"
    WHERE role = 'guest' AND created_at < now() - interval '90 days' AND (created_at, id) > ($1, $2)
    ORDER BY created_at, id LIMIT 1000
), gone AS (
  DELETE FROM "user" u USING looked l
    WHERE u.id = l.id AND NOT u.disabled AND NOT u.blocked AND u.password_hash IS NULL
      AND NOT EXISTS (SELECT FROM session s WHERE s.user_id = l.id)
      AND NOT EXISTS (SELECT FROM room r WHERE r.customer_id = l.id)
      AND NOT EXISTS (SELECT FROM mail m WHERE m.user_id = l.id)
    RETURNING u.id
), unseen AS (
  DELETE FROM presence p USING gone WHERE p.user_id = gone.id
)
SELECT id, created_at FROM looked ORDER BY created_at DESC, id DESC LIMIT 1`;

/** Forgets guests who came, never wrote anything, and cannot come back: their sessions are over and gone. */
@Injectable()
export class GuestCleaner {
  constructor(
    chores: Chores,
    private readonly dataSource: DataSource,
  ) {
    chores.add({ name: 'silent-guests', everySeconds: DAY_SECONDS, work: (isStopping) => this.clean(isStopping) });
  }

  private async clean(isStopping: () => boolean): Promise<void> {
    let last: { id: string; created_at: Date } | undefined = { id: FIRST_ID, created_at: new Date(0) };
    while (last && !isStopping()) {
      [last] = await this.dataSource.query<{ id: string; created_at: Date }[]>(DELETE_NEXT, [last.created_at, last.id]);
    }
  }
}
