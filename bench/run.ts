import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { sumOf, type Losses } from './conversation.js';
import type { FigureName } from './goals.js';
import type { Options, Scenario } from './options.js';
import { figureOf, interleaved, ratios, type Figure, type Measure, type Round } from './rounds.js';
import { CONNECTS, measureConnect, type Connect } from './scenarios/connect.js';
import { measureFanOut } from './scenarios/fan-out.js';
import { CONNECTIONS, measureMemory } from './scenarios/memory.js';
import { measureLatency } from './scenarios/open-loop.js';
import { measureStart, type Start } from './scenarios/start.js';
import { StandardLoad, type Throughput } from './scenarios/throughput.js';
import { freePort } from './server-process.js';
import { AS_STARTED, startTarget, type Ground, type Seat, type Target, type TargetName, type TargetOptions } from './target.js';

/** What a scenario found: figures for the goals, and everything that was measured. */
interface Outcome {
  figures: Partial<Record<FigureName, Figure>>;
  rounds: Round<object>[];
  /** Messages of Parley's that went wrong in any way. */
  losses?: number;
}

/** The standard load for several servers: prepared once for each, then measured turn by turn. */
interface Standard {
  before: (target: Target) => Promise<void>;
  measure: (target: Target) => Promise<Throughput>;
}

type Run = (ground: Ground, options: Options) => Promise<Outcome | undefined>;

const PARLEYS: readonly TargetName[] = ['relay', 'parley', 'against'];
const OTHERS = ['relay', 'typical', 'insert'];
/** Of the standard load and of the connects in a round. */
const TURNS = 3;
/** The guests of these scenarios never meet an agent. */
const ONE_AGENT = 1;

const started = async <Result>(
  ground: Ground,
  name: TargetName,
  use: (target: Target) => Promise<Result>,
  options: TargetOptions = {},
): Promise<Result> => {
  const target = await startTarget(ground, name, options);
  try {
    return await use(target);
  } finally {
    await target.process.stop();
  }
};

/** Starts these servers and measures all of them in turns. */
const measured = async <Measured extends object>(
  ground: Ground,
  names: readonly TargetName[],
  { rounds }: Pick<Options, 'rounds'>,
  measure: (target: Target) => Promise<Measured>,
  before: (target: Target) => Promise<void> = () => Promise.resolve(),
): Promise<Round<Measured>[]> => {
  const targets: Target[] = [];
  try {
    for (const name of names) {
      const target = await startTarget(ground, name);
      targets.push(target);
      await before(target);
    }
    return await interleaved(
      targets.map((target): [TargetName, Measure<Measured>] => [target.name, () => measure(target)]),
      rounds,
    );
  } finally {
    await Promise.all(targets.map(({ process }) => process.stop()));
  }
};

const parleysOf = ({ servers }: Options): TargetName[] => servers.filter((name) => PARLEYS.includes(name));

const lossesOf = (rounds: readonly Round<Losses>[]): number =>
  rounds.flatMap((round) => Object.entries(round)).reduce((sum, [name, one]) => sum + (OTHERS.includes(name) || !one ? 0 : sumOf(one)), 0);

/** Short turns in place of rounds: what disturbs the machine lasts for seconds, and then meets all servers alike. */
const inTurns = ({ rounds }: Options): Pick<Options, 'rounds'> => ({ rounds: rounds * TURNS });

const standardLoads = ({ warmUp, seconds }: Options): Standard => {
  const loads = new Map<TargetName, StandardLoad>();
  return {
    before: async (target) => void loads.set(target.name, await StandardLoad.start(target, warmUp)),
    measure: ({ name }) => (loads.get(name) as StandardLoad).measure(seconds / TURNS),
  };
};

const throughput: Run = async (ground, options) => {
  const { before, measure } = standardLoads(options);
  const rounds = await measured(ground, options.servers, inTurns(options), measure, before);
  const perSecond = (one: { perSecond: number }): number => one.perSecond;
  return {
    rounds,
    losses: lossesOf(rounds),
    figures: {
      wall: figureOf(ratios(rounds, 'parley', 'relay', perSecond)),
      cpu: figureOf(ratios(rounds, 'parley', 'relay', ({ cpu }) => cpu)),
      typical: figureOf(ratios(rounds, 'parley', 'typical', perSecond)),
      insert: figureOf(ratios(rounds, 'parley', 'insert', perSecond)),
    },
  };
};

const openLoop: Run = async (ground, options) => {
  const rounds = await measured(ground, parleysOf(options), options, measureLatency);
  return {
    rounds,
    losses: lossesOf(rounds),
    figures: {
      ackMedian: figureOf(ratios(rounds, 'parley', 'relay', ({ median }) => median)),
      ackLate: figureOf(ratios(rounds, 'parley', 'relay', ({ late }) => late)),
    },
  };
};

/** A library that makes each fsync slow, built on the spot; undefined where there is no compiler. */
const slowFsync = (folder: string): string | undefined => {
  const source = resolve(import.meta.dirname, '../../slow-fsync.c');
  const library = join(folder, 'slow-fsync.so');
  return spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']).status === 0 ? library : undefined;
};

const slowDisk: Run = async (ground, options) => {
  const library = slowFsync(ground.folder);
  if (library === undefined || !options.servers.includes('parley')) {
    process.stderr.write('  left out: it needs a C compiler and Parley\n');
    return undefined;
  }
  const slow = { ...ground, environment: { LD_PRELOAD: library } };
  const { before, measure } = standardLoads(options);
  const rounds = await started(ground, 'parley', (parley) =>
    started(slow, 'slow-disk', async (slowed) => {
      for (const target of [parley, slowed]) await before(target);
      return interleaved(
        [parley, slowed].map((target): [TargetName, Measure<Throughput>] => [target.name, () => measure(target)]),
        inTurns(options).rounds,
      );
    }),
  );
  const figure = figureOf(ratios(rounds, 'slow-disk', 'parley', ({ perSecond }) => perSecond));
  return { rounds, losses: lossesOf(rounds), figures: { slowDisk: figure } };
};

const fanOut: Run = async (ground, options) => {
  const { warmUp, seconds } = options;
  const rounds = await measured(ground, parleysOf(options), options, (target) => measureFanOut(target, warmUp, seconds));
  return { rounds, losses: lossesOf(rounds), figures: { fanOut: figureOf(ratios(rounds, 'parley', 'relay', ({ cpu }) => cpu)) } };
};

const connect: Run = async (ground, options) => {
  const seats = new Map<TargetName, Seat[]>();
  const measure = (target: Target): Promise<Connect> => measureConnect(target, seats.get(target.name) ?? []);
  const before = async (target: Target): Promise<void> => {
    seats.set(target.name, await target.seats(CONNECTS, ONE_AGENT));
    // The first connects of a process pay for its compiler.
    for (let turn = 0; turn < TURNS; turn++) await measure(target);
  };
  const rounds = await measured(ground, parleysOf(options), inTurns(options), measure, before);
  return { rounds, figures: { connect: figureOf(ratios(rounds, 'parley', 'relay', ({ cpu }) => cpu)) } };
};

/** Each time a new process, on the people and rooms of an earlier one, so that their making leaves no trace in its memory. */
const memory: Run = async (ground, options) => {
  const measures: [TargetName, Measure<Awaited<ReturnType<typeof measureMemory>>>][] = [];
  for (const name of parleysOf(options)) {
    const made = await started(ground, name, async ({ process, seats }) => ({
      folder: process.folder,
      seats: await seats(CONNECTIONS, ONE_AGENT),
    }));
    const measure = async (): Promise<Awaited<ReturnType<typeof measureMemory>>> => {
      const port = await freePort();
      return started(ground, name, (target) => measureMemory(target, made.seats, port), {
        folder: made.folder,
        nodeArguments: [`--inspect=127.0.0.1:${port}`],
      });
    };
    measures.push([name, measure]);
  }
  const rounds = await interleaved(measures, options.rounds);
  return { rounds, figures: { memory: figureOf(ratios(rounds, 'parley', 'relay', ({ each }) => each)) } };
};

const start: Run = async ({ folder, project, isPinned }, options) => {
  if (!options.servers.includes('parley')) return undefined;
  const run =
    (command: string[]): Measure<Start> =>
    () =>
      measureStart(project, join(folder, 'start'), command, isPinned);
  const byNpm = run(['npm', 'start']);
  // The first one makes the data folder.
  await byNpm();
  const rounds = await interleaved(
    [
      ['npm start', byNpm],
      ['scripts/start.mjs', run([process.execPath, ...AS_STARTED, 'scripts/start.mjs'])],
    ],
    options.rounds,
  );
  return { rounds, figures: { start: figureOf(rounds.flatMap(({ 'npm start': one }) => (one ? [one.seconds] : []))) } };
};

export const RUNS: Record<Scenario, Run> = {
  throughput,
  'open-loop': openLoop,
  'slow-disk': slowDisk,
  'fan-out': fanOut,
  memory,
  connect,
  start,
};
