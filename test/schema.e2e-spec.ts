import { DataSource } from 'typeorm';
import { startApp, type TestApp } from './support/app.js';

describe('the schema', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('is the same in the migrations and in the entities', async () => {
    const { upQueries } = await app.app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can be taken back and made again', async () => {
    const dataSource = app.app.get(DataSource);
    const applied = dataSource.migrations.length;
    for (let i = 0; i < applied; i++) await dataSource.undoLastMigration();
    const [left] = await app.sql<{ tables: number }>(
      "SELECT count(*)::integer AS tables FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'",
    );
    expect(left?.tables).toBe(0);
    expect(await dataSource.runMigrations()).toHaveLength(applied);
  });
});
