import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What customers thought of their rooms. */
export class AddRating1763810000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE room
      ADD rating_score smallint CONSTRAINT room_rating CHECK (rating_score BETWEEN 1 AND 5),
      ADD rating_comment text,
      ADD rated_at timestamptz(3)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE room DROP rating_score, DROP rating_comment, DROP rated_at');
  }
}
