import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { cleanUp, newDataDir, until } from './support/server-process.js';

const STARTS_WITHIN_MS = 120_000;

describe('npm run dev', () => {
  let watch: ChildProcess | undefined;

  afterEach(async () => {
    if (watch?.pid !== undefined && watch.exitCode === null) {
      const ended = once(watch, 'close');
      // The compiler and the server behind it as well.
      process.kill(-watch.pid, 'SIGTERM');
      await ended;
    }
    await cleanUp();
  });

  it('serves every page, at the port that was free and for whoever comes from there', async () => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: newDataDir(), PORT: '0', LOG_LEVEL: 'error' };
    watch = spawn('npm', ['run', 'dev'], { cwd: resolve(__dirname, '..'), env, detached: true });
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
