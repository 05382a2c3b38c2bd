import type { TestApp } from './app.js';

const MOVE = `
WITH past AS (SELECT now() - $2 * interval '1 minute' - active_at AS by FROM stream_counter WHERE room_id = $1),
  said AS (UPDATE message SET created_at = created_at + past.by FROM past WHERE room_id = $1),
  made AS (UPDATE room SET created_at = created_at + past.by FROM past WHERE id = $1)
UPDATE stream_counter SET active_at = active_at + past.by, asked_at = asked_at + past.by FROM past WHERE room_id = $1`;

/** As if the last that happened in a room had happened so many minutes ago, and all before it as long before. */
export const letPass = async (app: TestApp, roomId: string, minutes: number): Promise<void> => {
  await app.sql(MOVE, [roomId, minutes]);
};
