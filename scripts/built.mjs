// Builds when the source is newer than what was built.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the build writes last. */
const BUILT = 'dist/public/widget.js';
const SOURCES = [
  'src',
  'migrations',
  'scripts/bundle.mjs',
  'scripts/faces.mjs',
  'sdk/src',
  'web',
  'docs/openapi.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package-lock.json',
];

const newest = (path) => {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  return stats.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : stats.mtimeMs;
};

if (!existsSync(BUILT) || Math.max(...SOURCES.map(newest)) > statSync(BUILT).mtimeMs) {
  process.stderr.write('The source is newer than the build: building …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['inherit', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
