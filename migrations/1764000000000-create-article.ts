import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the business knows, for its customers and its machine to read. The title counts more than the text. */
export class CreateArticle1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE article (
        id uuid CONSTRAINT article_pkey PRIMARY KEY,
        business_id uuid NOT NULL CONSTRAINT article_business REFERENCES business,
        title text NOT NULL,
        body text NOT NULL,
        is_public boolean NOT NULL,
        words tsvector NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now())`);
    await runner.query('CREATE INDEX article_business_id ON article (business_id, id)');
    await runner.query('CREATE INDEX article_words ON article USING gin (business_id, words)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE article');
  }
}
