import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { cleanUp, newDataDir, until } from './support/server-process.js';

const STARTS_WITHIN_MS = 120_000;
const ROOT = resolve(__dirname, '..');
const LEFT_OUT = ['.git', 'data', 'node_modules', 'test'];

/** It compiles into `dist`, from which other suites run servers meanwhile. */
const copyOfProject = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-dev-'));
  cpSync(ROOT, folder, { recursive: true, preserveTimestamps: true, filter: (path) => !LEFT_OUT.includes(relative(ROOT, path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
};

describe('npm run dev', () => {
  let folder: string;
  let watch: ChildProcess | undefined;

  beforeEach(() => {
    folder = copyOfProject();
  });
  afterEach(async () => {
    if (watch?.pid !== undefined && watch.exitCode === null) {
      const ended = once(watch, 'close');
      // The compiler and the server behind it as well.
      process.kill(-watch.pid, 'SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
    await cleanUp();
  });

  it('serves every page, at the port that was free and for whoever comes from there', async () => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: newDataDir(), PORT: '0', LOG_LEVEL: 'error' };
    watch = spawn('npm', ['run', 'dev'], { cwd: folder, env, detached: true });
    let told = '';
    for (const stream of [watch.stdout, watch.stderr]) stream?.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await until(() => told.includes('Console'), 'the banner', STARTS_WITHIN_MS);

    const url = /is up at (\S+)/.exec(told)?.[1] ?? '';
    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d+$/);
    for (const page of ['console', 'chat/demo', 'widget.js', 'demo'])
      expect([page, (await fetch(`${url}/${page}`)).status]).toEqual([page, 200]);
    expect((await fetch(`${url}/api/businesses/demo`, { headers: { Origin: url } })).status).toBe(200);
  }, 180_000);
});
