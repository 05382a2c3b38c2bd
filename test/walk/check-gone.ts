import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestApp } from '../support/app.js';
import type { Check } from './truth.js';

const TABLES = `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;

/** Every row of every table, as text. */
export const tablesOf = async ({ sql }: TestApp): Promise<Map<string, string[]>> => {
  const found = new Map<string, string[]>();
  for (const { name } of await sql<{ name: string }>(TABLES)) {
    found.set(
      name,
      (await sql<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).map(({ row }) => row.toLowerCase()),
    );
  }
  return found;
};

/** Nothing of what an erased person wrote or told of itself, and of what was deleted, is anywhere. */
export const nothingRemains: Check = async (walk, { shop, entries }) => {
  const gone = shop.walkers.filter(({ state }) => state === 'erased').map(({ word }) => word);
  const deleted = [...entries.values()]
    .flatMap(({ public: shown, internal }) => [...shown, ...internal])
    .filter(({ deletedAt }) => deletedAt !== null);
  const ids = new Set(deleted.map(({ id }) => id));
  // Of each message the last word is its own.
  const words = shop.said
    .filter(({ id }) => ids.has(id))
    .flatMap(({ payload }) => (payload.body as string | undefined)?.split(' ').at(-1) ?? []);
  const sought = [...gone, ...words];
  const faults: string[] = [];
  for (const [table, rows] of await tablesOf(walk.nodes[0] as TestApp)) {
    for (const row of rows) {
      const word = sought.find((one) => row.includes(one));
      if (word !== undefined) faults.push(`${word} is still in ${table}: ${row.slice(0, 500)}`);
    }
  }
  const files = await readdir(walk.uploadDir, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    const word = sought.find((one) => text.includes(one));
    if (word !== undefined) faults.push(`${word} is still in a file`);
  }
  return faults;
};
