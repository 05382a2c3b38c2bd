import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv, SETTING_NAMES } from '../src/config/env.js';

interface Setting {
  name: string;
  comment: string;
}

const source = readFileSync('src/config/env.ts', 'utf8');
const example = readFileSync('.env.example', 'utf8');

/** The fields of the class, each with its doc comment. */
const fields: Setting[] = [
  ...source.matchAll(/^ {2}\/\*\* (.+) \*\/\n(?: {2}@.+\n(?: {4,}.+\n| {2}\}\)\n)*)*? {2}([A-Z][A-Z0-9_]+)\??[:\s]/gm),
].map(([, comment = '', name = '']) => ({ name, comment }));

const examples = [...example.matchAll(/^# (.+)\n# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, comment = '', name = '', value = '']) => ({
  name,
  comment,
  value,
}));

describe('the list of settings', () => {
  it('is the same, in the same order, in the class, in SETTING_NAMES and in .env.example', () => {
    expect(fields.map(({ name }) => name)).toEqual(SETTING_NAMES);
    expect(examples.map(({ name, comment }) => ({ name, comment }))).toEqual(fields);
  });

  it('names every setting once and nothing else in .env.example', () => {
    expect(example.match(/^#? ?[A-Z][A-Z0-9_]+=/gm)).toHaveLength(SETTING_NAMES.length);
  });

  it('shows the defaults in .env.example', () => {
    expect(readEnv(Object.fromEntries(examples.map(({ name, value }) => [name, value])))).toEqual(readEnv({}));
    const env = readEnv({});
    for (const { name, value } of examples) expect(value).toBe(String(env[name as (typeof SETTING_NAMES)[number]] ?? ''));
  });

  it('can be set in the containers, but for what is theirs', () => {
    const theirs = ['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'UPLOAD_DIR'];
    const production = readFileSync('docker-compose.yml', 'utf8');
    const open = SETTING_NAMES.filter((name) => production.includes(`\n    ${name}: \${${name}:`));
    expect(open).toEqual(SETTING_NAMES.filter((name) => !theirs.includes(name)));
    // Where it listens, inside and outside, and what it takes for its address.
    const development = readFileSync('docker-compose.dev.yml', 'utf8');
    expect(development).toContain('\n      PORT: ${PORT:-3000}\n');
    expect(development).toContain('\n      - 127.0.0.1:${PORT:-3000}:${PORT:-3000}\n');
  });

  it('is read in one place', () => {
    const readers = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .filter((file) =>
        readFileSync(join('src', file), 'utf8')
          .replace(/\/\*\*.*\*\//g, '')
          .includes('process.env'),
      );
    expect(readers).toEqual(['config/env.ts']);
  });
});
