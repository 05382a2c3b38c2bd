import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFigures } from './document.js';
import { readOptions, USAGE } from './options.js';
import type { Result } from './report.js';
import { endServerIn } from './server-process.js';

/** The server has core 0. */
const LOAD_CORE = '1';
const STOP_PATIENCE_MS = 5_000;
const PAGE = 'docs/speed.md';
const FIGURES = 'docs/speed.json';

const canPin = (): boolean => availableParallelism() > 1 && spawnSync('taskset', ['-c', LOAD_CORE, 'true']).status === 0;

/**
 * Measures in a process of its own on a core of its own, and clears away after it, however it ends: every server that was
 * started left its number in the folder of the run.
 */
const run = async (args: string[]): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  // PostgreSQL runs as another account when this runs as root, and must be able to pass.
  chmodSync(folder, 0o755);
  const isPinned = canPin();
  const command = [process.execPath, join(import.meta.dirname, 'measure.js'), ...args];
  const [file = '', ...rest] = isPinned ? ['taskset', '-c', LOAD_CORE, ...command] : command;
  const child = spawn(file, rest, {
    env: { ...process.env, BENCH_FOLDER: folder, BENCH_PINNED: isPinned ? 'yes' : 'no' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS).unref();
    });
  }
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  await Promise.all(readdirSync(folder).map((name) => endServerIn(join(folder, name))));
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  return code ?? 1;
};

/** Keeps these results beside the page that shows them. */
const document = (files: string[]): void => {
  const results = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Result);
  writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), results));
  writeFileSync(FIGURES, `${JSON.stringify(results, null, 2)}\n`);
};

const [first, ...files] = process.argv.slice(2);
try {
  if (first === '--document') {
    document(files);
    process.exit(0);
  }
  readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  process.exit(1);
}
if (process.platform !== 'linux') {
  process.stderr.write('The benchmark reads CPU times from /proc, which only Linux has.\n');
  process.exit(1);
}
process.exit(await run(process.argv.slice(2)));
