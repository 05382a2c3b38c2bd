import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../config/start-error.js';

/** Secrets that nobody set: generated once and kept in DATA_DIR, readable by the server's user only. */
interface KeptSecrets {
  jwtAccessSecret: string;
  postgresPassword: string;
}

const newSecret = (): string => randomBytes(32).toString('hex');

/** Puts a new secret for access tokens in the place of the kept one; servers take it when they start next. @throws StartError. */
export const rotateKeptSecret = (dataDir: string): void => {
  const file = join(dataDir, 'secrets.json');
  const secrets: KeptSecrets = { ...keptSecrets(dataDir), jwtAccessSecret: newSecret() };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(draft, file);
};

/** @throws StartError when the folder cannot be written or its secrets cannot be read. */
export const keptSecrets = (dataDir: string): KeptSecrets => {
  const file = join(dataDir, 'secrets.json');
  try {
    mkdirSync(dataDir, { recursive: true });
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as KeptSecrets;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const secrets: KeptSecrets = { jwtAccessSecret: newSecret(), postgresPassword: newSecret() };
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    chmodSync(draft, 0o600);
    try {
      // Not a rename: of two servers that start at the same moment, the second takes over what the first one keeps.
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
    return JSON.parse(readFileSync(file, 'utf8')) as KeptSecrets;
  } catch (cause) {
    throw new StartError(`The folder ${dataDir} (DATA_DIR) cannot be used: ${(cause as Error).message}.`, { cause });
  }
};
