import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Moves a reader's marks in one stream forward, never back and never past the last entry, and returns where they stand.
 * \`moved\` tells whether anything changed.
 */
const ADVANCE_MARK = `
CREATE FUNCTION advance_mark(of_room uuid, of_user uuid, of_stream text, new_delivered integer, new_read integer)
RETURNS TABLE (delivered integer, read integer, was_assignee boolean, moved boolean)
LANGUAGE plpgsql
AS $function$
DECLARE
  last_seq integer;
  k mark%ROWTYPE;
  old_delivered integer;
  old_read integer;
BEGIN
  SELECT CASE of_stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END INTO last_seq
    FROM stream_counter c WHERE c.room_id = of_room;
  SELECT * INTO k FROM mark m WHERE m.room_id = of_room AND m.user_id = of_user FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO mark (room_id, user_id) VALUES (of_room, of_user) ON CONFLICT DO NOTHING;
    SELECT * INTO k FROM mark m WHERE m.room_id = of_room AND m.user_id = of_user FOR UPDATE;
  END IF;
  old_delivered := CASE of_stream WHEN 'public' THEN k.public_delivered ELSE k.internal_delivered END;
  old_read := CASE of_stream WHEN 'public' THEN k.public_read ELSE k.internal_read END;
  read := greatest(old_read, least(new_read, last_seq));
  delivered := greatest(old_delivered, least(new_delivered, last_seq), read);
  was_assignee := k.was_assignee;
  moved := delivered > old_delivered OR read > old_read;
  IF moved AND of_stream = 'public' THEN
    UPDATE mark m SET public_delivered = delivered, public_read = read WHERE m.room_id = of_room AND m.user_id = of_user;
  ELSIF moved THEN
    UPDATE mark m SET internal_delivered = delivered, internal_read = read WHERE m.room_id = of_room AND m.user_id = of_user;
  END IF;
  RETURN NEXT;
END
$function$`;

export class CreateAdvanceMark1763600000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADVANCE_MARK);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION advance_mark');
  }
}
