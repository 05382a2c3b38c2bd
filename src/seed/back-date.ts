import type { DataSource, EntityManager } from 'typeorm';
import { violates } from '../database/violates.js';
import { AppError } from '../error/app-error.js';

const move = (table: string, columns: string[], where: string): string =>
  `UPDATE ${table} SET ${columns.map((column) => `${column} = CASE WHEN ${column} >= $2 THEN $3 ELSE ${column} END`).join(', ')}
    WHERE ${where} AND greatest(${columns.join(', ')}) >= $2`;

/** Each with the room, from when on something was just done, and when it is to have been done. The end of a snooze lies ahead and stays. */
const OF_A_ROOM = [
  move('message', ['created_at', 'edited_at', 'deleted_at'], 'room_id = $1'),
  move('mention', ['created_at'], 'room_id = $1'),
  move('upload', ['created_at'], 'room_id = $1 AND business_id = (SELECT business_id FROM room WHERE id = $1)'),
  move('stream_counter', ['asked_at', 'active_at'], 'room_id = $1'),
  move('room', ['created_at', 'waiting_since', 'updated_at', 'assigned_at', 'closed_at', 'rated_at'], 'id = $1'),
];
/** That something was done in it, a running server would have told the room. */
const ACTIVE = 'UPDATE room SET active_at = $2 WHERE id = $1';

/** Runs `work`, and makes all that came into the room by it, which is younger than `fresh` by any clock, as old as `at`. */
export const doneAt = async (dataSource: DataSource, at: Date, fresh: Date, work: () => Promise<string>): Promise<void> => {
  const roomId = await work();
  await dataSource.transaction(async (tx) => {
    for (const statement of OF_A_ROOM) await tx.query(statement, [roomId, fresh, at]);
    await tx.query(ACTIVE, [roomId, at]);
  });
};

/**
 * Gives the business its slug. Its people were there before they wrote, and how long rooms waited while the story was told says
 * nothing of how long they do. @throws AppError `business.slug_taken`.
 */
export const settle = async (tx: EntityManager, businessId: string, slug: string, since: Date): Promise<void> => {
  await tx.query('UPDATE business SET slug = $2, created_at = $3 WHERE id = $1', [businessId, slug, since]).catch((error: unknown) => {
    throw violates(error, 'business_slug') ? new AppError('business.slug_taken') : error;
  });
  await tx.query(
    `UPDATE "user" u SET created_at = coalesce((SELECT min(r.created_at) - interval '1 minute' FROM room r WHERE r.customer_id = u.id), $2)
      WHERE u.business_id = $1`,
    [businessId, since],
  );
  await tx.query('DELETE FROM queue_departure WHERE business_id = $1', [businessId]);
};
