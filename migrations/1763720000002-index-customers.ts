import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The customers of a business by the time they came, without those that were erased. */
export class IndexCustomers1763720000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX user_customers ON "user" (business_id, id) WHERE role IN ('guest', 'customer') AND NOT disabled`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX user_customers');
  }
}
