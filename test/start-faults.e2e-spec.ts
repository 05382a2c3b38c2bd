import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { rest } from './support/rest.js';
import { cleanUp, freePort, newDataDir, spawnServer, startServer, stopServer, until } from './support/server-process.js';

const RANDOM = 'f3b1c6a09e8d4725b6c0d1e2f3948a7b5c6d7e8f';
/** Nothing listens there. */
const NO_DATABASE = 'postgres://parley:hidden-word@127.0.0.1:1/parley';

/** Starts a server that must refuse, and gives the one line it says. */
const refusal = async (settings: Record<string, string>, cwd?: string): Promise<string> => {
  const { exited, stdout, stderr } = spawnServer({ PORT: '0', ...settings }, { cwd });
  const { code, signal } = await exited;
  expect({ signal, stdout: stdout() }).toEqual({ signal: null, stdout: '' });
  expect(code).toBeGreaterThan(0);
  expect(stderr()).toMatch(/^parley: [^\n]+\n$/);
  expect(stderr()).not.toMatch(/ {4}at |\.js:\d+|"stack"/);
  return stderr();
};

describe('a server that cannot start says why in one line', () => {
  afterEach(cleanUp);

  it('the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await refusal({ PORT: String(port), DATA_DIR: newDataDir() })).toContain(`127.0.0.1:${port} is already in use`);
    } finally {
      other.close();
    }
  });

  it('the host is no address of this machine', async () => {
    expect(await refusal({ HOST: '192.0.2.1', DATA_DIR: newDataDir() })).toContain('192.0.2.1:0 is not an address of this machine');
  });

  it('the database cannot be reached', async () => {
    const line = await refusal({ DATABASE_URL: NO_DATABASE, DATA_DIR: newDataDir() });
    expect(line).toContain('The database at 127.0.0.1:1 cannot be used: connect ECONNREFUSED');
    expect(line).not.toContain('hidden-word');
  });

  it('the address of the database is none', async () => {
    const line = await refusal({ DATABASE_URL: 'postgres://parley:hidden/word@127.0.0.1/parley', DATA_DIR: newDataDir() });
    expect(line).toContain('DATABASE_URL');
    expect(line).not.toContain('hidden');
  });

  it.each([
    ['a file', ''],
    ['below a file', 'deeper/data'],
  ])('DATA_DIR is %s', async (_, below) => {
    const file = newDataDir();
    writeFileSync(file, '');
    const DATA_DIR = join(file, below);
    expect(await refusal({ DATA_DIR })).toContain(`The folder ${DATA_DIR} (DATA_DIR) cannot be used`);
  });

  it.each([
    ['a file', ''],
    ['below a file', 'deeper/uploads'],
    ['where nobody may make one', '/proc/uploads'],
  ])('UPLOAD_DIR is %s', async (_, below) => {
    const file = newDataDir();
    writeFileSync(file, '');
    const UPLOAD_DIR = resolve(file, below);
    const line = await refusal({ DATABASE_URL: NO_DATABASE, JWT_ACCESS_SECRET: RANDOM, DATA_DIR: newDataDir(), UPLOAD_DIR });
    expect(line).toContain(`The folder ${UPLOAD_DIR} (UPLOAD_DIR) cannot be used`);
  });

  it('the kept secrets are broken', async () => {
    const DATA_DIR = newDataDir();
    mkdirSync(DATA_DIR);
    writeFileSync(join(DATA_DIR, 'secrets.json'), '{');
    expect(await refusal({ DATA_DIR })).toContain(`The folder ${DATA_DIR} (DATA_DIR) cannot be used`);
  });

  it('the data is of another PostgreSQL', async () => {
    const DATA_DIR = newDataDir();
    mkdirSync(join(DATA_DIR, 'pg'), { recursive: true });
    writeFileSync(join(DATA_DIR, 'pg/PG_VERSION'), '14\n');
    const line = await refusal({ DATA_DIR });
    expect(line).toContain('holds data of PostgreSQL 14');
    expect(line).toContain('pg_dump');
  });

  it('the data is there but its password is gone', async () => {
    const DATA_DIR = newDataDir();
    await stopServer(await startServer({ DATA_DIR }));
    rmSync(join(DATA_DIR, 'secrets.json'));
    expect(await refusal({ DATA_DIR })).toContain('secrets.json');
  });

  it('another server runs on the folder', async () => {
    const DATA_DIR = newDataDir();
    const first = await startServer({ DATA_DIR });
    expect(await refusal({ DATA_DIR, PORT: String(await freePort()) })).toContain(`Another Parley server already runs on ${DATA_DIR}`);
    expect(await (await fetch(`${first.url}/health`)).json()).toMatchObject({ status: 'ok' });
    expect((await rest(first.url, 'GET', '/api/businesses/demo')).status).toBe(200);
    expect((await stopServer(first)).code).toBe(0);
  });

  it('of three servers that start at the same moment on an empty folder, one runs', async () => {
    const DATA_DIR = newDataDir();
    const all = [0, 1, 2].map(() => spawnServer({ PORT: '0', DATA_DIR, BCRYPT_COST: '4', LOG_LEVEL: 'silent' }));
    const refused = await Promise.all(
      [0, 1].map(async (nth) => {
        // The first and the second one to end, whichever they are.
        await until(() => all.filter(({ child }) => child.exitCode !== null).length > nth, 'two of them end', 30_000);
        return all.filter(({ child }) => child.exitCode !== null)[nth]!;
      }),
    );
    for (const { stderr } of refused) expect(stderr()).toMatch(/^parley: Another Parley server already runs on [^\n]+\n$/);
    const left = all.find(({ child }) => child.exitCode === null)!;
    await until(() => left.stdout().includes('is up at'), 'the third one runs');
    left.child.kill('SIGTERM');
    expect(await left.exited).toEqual({ code: 0, signal: null });
  });

  it('several settings are wrong: all are named', async () => {
    const line = await refusal({ PORT: '70000', LOG_LEVEL: 'loud', DATA_DIR: newDataDir() });
    expect(line).toContain('PORT');
    expect(line).toContain('LOG_LEVEL');
  });

  it('a file .env is read, and the environment goes before it', async () => {
    const DATA_DIR = newDataDir();
    const folder = dirname(DATA_DIR);
    writeFileSync(join(folder, '.env'), 'LOG_LEVEL=loud\nBCRYPT_COST=99\n');
    const line = await refusal({ DATA_DIR, BCRYPT_COST: '10' }, folder);
    expect(line).toContain('LOG_LEVEL');
    expect(line).not.toContain('BCRYPT_COST');
  });

  it('A101 production on a DATABASE_URL without a secret, and with cheap hashes', async () => {
    const line = await refusal({ NODE_ENV: 'production', DATABASE_URL: NO_DATABASE, BCRYPT_COST: '4', DATA_DIR: newDataDir() });
    expect(line).toContain('JWT_ACCESS_SECRET is missing');
    expect(line).toContain('BCRYPT_COST is below 10');
  });

  it('A101 production with a secret that everybody knows', async () => {
    const JWT_ACCESS_SECRET = 'changeme';
    const line = await refusal({ NODE_ENV: 'production', DATABASE_URL: NO_DATABASE, JWT_ACCESS_SECRET, DATA_DIR: newDataDir() });
    expect(line).toMatch(/JWT_ACCESS_SECRET is (shorter|easy to guess)/);
    expect(line).not.toContain(JWT_ACCESS_SECRET);
  });

  it('production with a good secret goes on to the database', async () => {
    const DATA_DIR = newDataDir();
    const line = await refusal({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      DATABASE_URL: NO_DATABASE,
      JWT_ACCESS_SECRET: RANDOM,
      DATA_DIR,
    });
    expect(line).toContain('The database at 127.0.0.1:1 cannot be used');
    expect(() => readFileSync(join(DATA_DIR, 'secrets.json'))).toThrow('ENOENT');
  });
});
