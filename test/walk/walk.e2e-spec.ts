import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { hasProgram, startRedis, stopRedis } from '../support/redis-server.js';
import { capacityHolds, queueAndLoads, viewsCount } from './check-counts.js';
import { nothingRemains } from './check-gone.js';
import { linesTellAll } from './check-lines.js';
import { listsAreRight, searchFinds } from './check-lists.js';
import { reportIsRight } from './check-report.js';
import { readersHoldIt, streamsAreOne } from './check-streams.js';
import { filesFollow, logTellsAll, machineKeepsItsTurn, versionsAreKept } from './check-traces.js';
import { viewsAreFollowed } from './check-views.js';
import { truthOf, type Check } from './truth.js';
import { Walk } from './walk.js';

/** Another walk: WALK_SEED=7, a longer one: WALK_STEPS=3000, several, one after the other: WALK_TIMES=20. */
const SEED = Number(process.env.WALK_SEED ?? 1);
const STEPS = Number(process.env.WALK_STEPS ?? 160);
const TIMES = Number(process.env.WALK_TIMES ?? 1);
const LAST_STEPS = 40;
const MOST_FAULTS = 20;

const CHECKS: Check[] = [
  ...[streamsAreOne, readersHoldIt, linesTellAll, viewsCount, queueAndLoads, capacityHolds, viewsAreFollowed],
  ...[listsAreRight, searchFinds, versionsAreKept, logTellsAll, filesFollow, machineKeepsItsTurn, reportIsRight, nothingRemains],
];

describe('a walk of many people', () => {
  jest.setTimeout(120_000 + TIMES * STEPS * 300);
  let uploadDir: string;
  let nodes: TestApp[];
  let walk: Walk | undefined;

  beforeEach(() => {
    uploadDir = mkdtempSync(join(tmpdir(), 'parley-walk-'));
    nodes = [];
  });
  afterEach(async () => {
    for (const { walkers } of walk?.shops ?? []) for (const { reader } of walkers) reader?.cut();
    for (const node of nodes) await node.close();
    stopRedis();
    rmSync(uploadDir, { recursive: true, force: true });
  });

  /** What is wrong after a walk, with how to walk it again. */
  const faultsOf = async (walked: Walk): Promise<string[]> => {
    await walked.build();
    await walked.go(STEPS);
    await walked.settle();
    const faults = [...walked.faults];
    for (const shop of walked.shops) {
      const truth = await truthOf(walked, shop);
      for (const check of CHECKS) faults.push(...(await check(walked, truth)));
    }
    faults.push(...nodes.flatMap(({ log }) => log.filter((line) => /"level":(50|60)/.test(line))));
    if (faults.length === 0) return [];
    return [
      `WALK_SEED=${walked.seed} WALK_STEPS=${STEPS}`,
      ...faults.slice(0, MOST_FAULTS),
      'The last steps:',
      ...walked.steps.slice(-LAST_STEPS),
    ];
  };

  const walkOn = async (servers: number, seed: number): Promise<void> => {
    const more: Record<string, string> = servers > 1 ? { REDIS_URL: (await startRedis()).url } : {};
    const settings = { DATABASE_POOL: '20', UPLOAD_DIR: uploadDir, JWT_ACCESS_EXPIRES_IN: '12h', ...more };
    nodes.push(await startApp(settings));
    for (let n = 1; n < servers; n++) nodes.push(await startApp(settings, nodes[0]?.databaseUrl));
    walk = new Walk(seed, nodes, uploadDir);
    expect(await faultsOf(walk)).toEqual([]);
  };

  for (let seed = SEED; seed < SEED + TIMES; seed++) {
    it(`P2 P3 P8 P9 P15 on one server leaves everything as it was said and done (seed ${seed})`, () => walkOn(1, seed));
    (hasProgram('redis-server') ? it : it.skip)(`P2 P3 P4 P9 on two servers does, too (seed ${seed})`, () => walkOn(2, seed + 1_000));
  }
});
