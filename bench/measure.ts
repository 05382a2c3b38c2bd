import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readOptions } from './options.js';
import { describeMachine, table, type Result } from './report.js';
import { figureOf } from './rounds.js';
import { RUNS } from './run.js';
import { snapshot } from './snapshot.js';
import type { Ground } from './target.js';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Without the file for the figures, which changes none of them. */
const commandOf = (args: string[]): string => {
  const told = args.filter((arg, index) => arg !== '--out' && args[index - 1] !== '--out');
  return ['npm run bench', ...(told.length > 0 ? ['--', ...told] : [])].join(' ');
};

/** Measures what was asked for, in the folder that `main.ts` made and clears away. */
const measure = async (args: string[]): Promise<void> => {
  const options = readOptions(args);
  const folder = process.env.BENCH_FOLDER ?? '';
  const isPinned = process.env.BENCH_PINNED === 'yes';
  const project = snapshot(ROOT, resolve(process.env.BENCH_DIST ?? join(ROOT, 'dist')), join(folder, 'project'));
  const ground: Ground = {
    folder,
    isPinned,
    project,
    builds: {
      parley: join(project, 'dist'),
      ...(options.against !== undefined && { against: join(snapshot(ROOT, resolve(options.against), join(folder, 'against')), 'dist') }),
    },
    nodeArguments: options.nodeArguments,
  };
  const result: Result = {
    date: new Date().toISOString(),
    command: commandOf(args),
    machine: describeMachine(ROOT, isPinned, process.env.BENCH_DIST === undefined),
    rounds: options.rounds,
    figures: {},
    scenarios: {},
  };
  const losses: number[] = [];
  for (const name of options.scenarios) {
    process.stderr.write(`${name}\n`);
    const outcome = await RUNS[name](ground, options);
    if (!outcome) continue;
    Object.assign(result.figures, outcome.figures);
    result.scenarios[name] = outcome.rounds;
    if (outcome.losses !== undefined) losses.push(outcome.losses);
  }
  // One lost message is too many: of these no median is taken.
  if (losses.length > 0) result.figures.losses = figureOf([losses.reduce((sum, one) => sum + one, 0)]);
  const stamp = result.date.slice(0, 19).replaceAll(':', '-');
  const file = resolve(options.out ?? join(ROOT, 'bench/results', `${stamp}.json`));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`\n${table(result)}\n\nThe figures of every round: ${file}\n`);
};

measure(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
