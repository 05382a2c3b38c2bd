import type { QueryRunner } from 'typeorm';
import { StartError } from '../src/config/start-error.js';

/**
 * Makes an extension that comes with PostgreSQL. All that are used are trusted ones, so it takes the right to create in the
 * database and no more. @throws StartError that says what is to be done where it cannot be made.
 */
export const requireExtension = async (runner: QueryRunner, name: string): Promise<void> => {
  try {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS ${name}`);
  } catch (cause) {
    throw new StartError(
      `The extension ${name} of PostgreSQL cannot be made (${(cause as Error).message}): install PostgreSQL's contrib package, and have its owner run "CREATE EXTENSION ${name}" in this database or grant the server's role CREATE on it.`,
      { cause },
    );
  }
};
