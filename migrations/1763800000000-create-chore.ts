import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What servers do now and then by themselves, and when it is due. */
export class CreateChore1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE chore (name text CONSTRAINT chore_pkey PRIMARY KEY, due_at timestamptz(3) NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chore');
  }
}
