import { startApp, type TestApp } from '../support/app.js';
import { closeSockets } from '../support/socket.js';
import { randomFrom } from '../torture/random.js';
import { Calls } from './calls.js';
import { Judge } from './judge.js';
import { Values } from './values.js';
import { World } from './world.js';

/** The same seed makes the same calls, but for ids and times. What fails names the seed of its world: give it, and one world. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const WORLDS = Number(process.env.FUZZ_WORLDS ?? 3);
const CALLS = Number(process.env.FUZZ_CALLS ?? 200);
const WAVES = 10;
const AT_ONCE = 16;

/** Streams with a gap, a repeat, or a counter that says otherwise; loads that are not the rooms held. */
const UNSOUND = `
  SELECT 'stream' AS what, m.room_id AS id FROM message m JOIN stream_counter c USING (room_id) GROUP BY m.room_id, m.stream, c.public_seq, c.internal_seq
    HAVING count(DISTINCT m.seq) <> max(m.seq) OR count(*) <> CASE m.stream WHEN 'public' THEN c.public_seq ELSE c.internal_seq END
  UNION ALL SELECT 'load', u.id FROM "user" u LEFT JOIN room r ON r.assignee_id = u.id AND r.status <> 'closed'
    GROUP BY u.id HAVING u.load <> count(r.id)`;

jest.setTimeout(60_000 + WORLDS * CALLS * 100);

describe('random calls by the documents', () => {
  let app: TestApp;
  let judge: Judge;

  beforeAll(async () => {
    app = await startApp({ DATABASE_POOL: '20' });
  });
  beforeEach(() => {
    judge = new Judge(app);
  });
  afterEach(() => process.stdout.write(`${expect.getState().currentTestName}: ${judge.calls} calls\n`));
  afterAll(async () => {
    closeSockets();
    await app.close();
  });

  const inWorlds = async (use: (world: World, calls: Calls, label: string) => Promise<void>): Promise<void> => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      const random = randomFrom(seed);
      const world = await World.build(app.url, random);
      const label = `FUZZ_SEED=${seed} FUZZ_WORLDS=1`;
      await use(world, new Calls(new Values(random, world), world), label);
      judge.judgeHeard(world, label);
      await judge.judgeRows(UNSOUND, label);
      world.close();
    }
    expect(judge.faults).toEqual([]);
  };

  it('A22 A42 A43 A44 A45 A48 are answered as the documents say', () =>
    inWorlds(async (world, calls, label) => {
      for (let index = 0; index < CALLS; index++) {
        const call = calls.next();
        const isThere = await judge.try(call, world, `${label} call ${index}`, index % 4 === 0);
        if (!isThere && !(await world.replace(call.caller))) return;
      }
    }));

  it('A35 at the same time leave a room sound', () =>
    inWorlds(async (world, calls, label) => {
      for (let wave = 0; wave < WAVES; wave++) {
        const roomId = world.rooms[wave % world.rooms.length] as string;
        const fired = Array.from({ length: AT_ONCE }, () => calls.inRoom(roomId));
        await Promise.all(fired.map((call) => judge.tryBeside(call, world, `${label} wave ${wave}`)));
      }
    }));
});
