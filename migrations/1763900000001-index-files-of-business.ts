import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much the files of a business take is read from the index alone. */
export class IndexFilesOfBusiness1763900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX upload_business_size ON upload (business_id, size)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX upload_business_size');
  }
}
