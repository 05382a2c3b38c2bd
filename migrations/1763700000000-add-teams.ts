import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE team (
  id uuid CONSTRAINT team_pkey PRIMARY KEY,
  business_id uuid NOT NULL CONSTRAINT team_business REFERENCES business,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX team_name ON team (business_id, name);

ALTER TABLE "user"
  ADD reach text NOT NULL DEFAULT 'own' CONSTRAINT user_reach CHECK (reach IN ('own', 'team', 'all')),
  ADD team_ids uuid[] NOT NULL DEFAULT '{}',
  ADD blocked boolean NOT NULL DEFAULT false,
  ADD idle_since timestamptz(3) NOT NULL DEFAULT now();
UPDATE "user" SET reach = 'all' WHERE role IN ('agent', 'admin');

ALTER TABLE room
  ADD team_id uuid CONSTRAINT room_team REFERENCES team,
  ADD overrides jsonb NOT NULL DEFAULT '{}';
CREATE INDEX room_team_id ON room (team_id) WHERE team_id IS NOT NULL;
`;

const DOWN = `
ALTER TABLE room DROP team_id, DROP overrides;
ALTER TABLE "user" DROP reach, DROP team_ids, DROP blocked, DROP idle_since;
DROP TABLE team;
`;

export class AddTeams1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
