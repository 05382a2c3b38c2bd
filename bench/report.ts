import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { GOALS, verdictOf, type FigureName } from './goals.js';
import type { Figure, Round } from './rounds.js';
import type { Scenario } from './options.js';
import type { Throughput } from './scenarios/throughput.js';
import { median } from './stats.js';

interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  /** Whether server and load generator had a core each to themselves. */
  isPinned: boolean;
  commit: string;
}

/** A relay that nothing disturbs takes all of one core, or makes the load generator take all of the other. */
const UNDISTURBED = 0.9;

export interface Result {
  date: string;
  command: string;
  machine: Machine;
  rounds: number;
  figures: Partial<Record<FigureName, Figure>>;
  scenarios: Partial<Record<Scenario, Round<object>[]>>;
}

const commitOf = (root: string): string => {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'migrations') === '' ? '' : ' with changes');
  } catch {
    return 'unknown';
  }
};

/** `isOwnBuild` says that the build measured is that of this checkout. */
export const describeMachine = (root: string, isPinned: boolean, isOwnBuild: boolean): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  isPinned,
  commit: isOwnBuild ? commitOf(root) : 'another build',
});

/** The goals, one row each, with the figures of these runs. */
export const rowsOf = (results: readonly Pick<Result, 'figures'>[]): string[][] =>
  GOALS.filter(({ figure }) => results.some(({ figures }) => figures[figure])).map((goal) => {
    const sign = goal.better === 'higher' ? '≥' : '≤';
    const cells = results.flatMap(({ figures }) => {
      const found = figures[goal.figure];
      if (!found) return ['not measured', ''];
      const { median, min, max } = found;
      return [`${median} (${min} to ${max})`, verdictOf(goal, median)];
    });
    return [goal.id, goal.what, `${sign} ${goal.must}`, `${sign} ${goal.aim}`, ...cells];
  });

/** Whether other work on the machine slowed the wall clock down; unknown, and taken for no, without the standard load. */
export const isDisturbed = ({ scenarios: { throughput } }: Pick<Result, 'scenarios'>): boolean => {
  const relay = ((throughput ?? []) as Round<Throughput>[]).map((round) => round.relay).filter((one) => one !== undefined);
  return relay.length > 0 && median(relay.map(({ serverBusy, loadBusy }) => Math.max(serverBusy, loadBusy))) < UNDISTURBED;
};

const HEAD = ['goal', 'what', 'must', 'aim', 'median (from to)', 'reached'];

const WARNING = 'Other work on the machine slowed this run down: the wall-clock figures (G1, G3, G5, G6, G13) say little.';

/** The goals and their figures as a table for the terminal. */
export const table = (result: Result): string => {
  const rows = [HEAD, ...rowsOf([result])];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...(isDisturbed(result) ? ['', WARNING] : [])].join('\n');
};
