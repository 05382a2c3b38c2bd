import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAgent, buildBusiness, buildRoom } from '../support/factories.js';
import { check, type Violation } from './checker.js';
import { Clerk } from './clerk.js';
import { Connection } from './connection.js';
import { lookForOpenDoors, readStreams, type Chat } from './final-history.js';
import { Recorder, type RunHistory } from './history.js';
import { MortalServer } from './mortal-server.js';
import { Nemesis } from './nemesis.js';
import { randomFrom } from './random.js';
import { Reader } from './reader.js';
import { Writer, type WriterPlan } from './writer.js';

const SECONDS = Number(process.env.TORTURE_SECONDS ?? 20);
const SEED = Number(process.env.TORTURE_SEED ?? Math.floor(Math.random() * 1e9));
const ENTRY_FILE = process.env.TORTURE_DIST ?? 'dist/bundle/server.mjs';

const ROOMS = 3;
const FEWEST_KILLS = 3;
const FEWEST_ACKED = 300;
/** More say nothing new, and a long run would not fit into memory. */
const MOST_MESSAGES = 150_000;
/** How long live delivery may take at the end, with two sweeps in it. */
const SETTLE_MS = 20_000;

const random = randomFrom(SEED);
const fork = (): (() => number) => randomFrom(Math.floor(random() * 2 ** 32));

describe('P1 P2 P3 P4 P6 X1 X3 under kill -9', () => {
  const recorder = new Recorder(SEED);
  const connections: Connection[] = [];
  const readers: Reader[] = [];
  const writers: Writer[] = [];
  let server: MortalServer;
  let isOver = false;

  beforeAll(async () => {
    server = await MortalServer.start(ENTRY_FILE);
    await server.ready();
  }, 120_000);

  afterAll(async () => {
    isOver = true;
    for (const connection of connections) connection.close();
    await server.stop();
  });

  const connect = (name: string, token: string): Connection => {
    const connection = new Connection(name, server.url, token, recorder);
    connections.push(connection);
    return connection;
  };

  const follow = (connection: Connection, rooms: string[], isCustomer: boolean, isSilent: boolean): Reader => {
    const reader = new Reader(connection, rooms, isCustomer, isSilent, recorder);
    readers.push(reader);
    return reader;
  };

  const write = (plan: WriterPlan, isReading: boolean): void => {
    const connection = connect(plan.name, plan.person.token);
    const reader = isReading ? follow(connection, plan.rooms, plan.person.email === undefined, false) : undefined;
    writers.push(new Writer(plan, connection, reader, server.url, recorder, fork()));
  };

  const settle = async (run: RunHistory): Promise<void> => {
    const ends = new Map(run.streams.map(({ stream, roomId, entries }) => [`${stream} of ${roomId}`, entries.length]));
    for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline && !readers.every((reader) => reader.hasReached(ends));)
      await sleep(50);
  };

  const report = (violations: Violation[], figures: Record<string, number>): void => {
    const told = Object.entries(figures).map(([name, figure]) => `${figure} ${name}`);
    process.stdout.write(`torture: seed ${SEED}, ${told.join(', ')}\n`);
    if (violations.length === 0) return;
    const file = join(tmpdir(), `parley-torture-${SEED}.json`);
    recorder.save(file);
    const byRule = [...new Set(violations.map(({ rule }) => rule))].map((rule) => {
      const broken = violations.filter((violation) => violation.rule === rule);
      return `  ${rule} ×${broken.length}: ${broken
        .slice(0, 3)
        .map(({ what }) => what)
        .join('\n    ')}`;
    });
    process.stdout.write(`torture: broken\n${byRule.join('\n')}\n  the history is ${file}, the server's folder ${server.folder}\n`);
  };

  it(
    'loses, doubles and reorders nothing',
    async () => {
      const shop = await buildBusiness(server.url);
      const [agent, clerkAgent] = [await buildAgent(server.url, shop), await buildAgent(server.url, shop)];
      const chats: Chat[] = [];
      for (let index = 0; index < ROOMS; index++) {
        const { room, guest } = await buildRoom(server.url, shop);
        chats.push({ roomId: room.id, guest, guestConnection: connect(`guest reader ${index}`, guest.token) });
      }
      const rooms = chats.map(({ roomId }) => roomId);
      const agentConnection = connect('agent reader', agent.token);
      follow(agentConnection, rooms, false, true);
      follow(connect('admin reader', shop.admin.token), rooms, false, true);
      for (const { guestConnection, roomId } of chats) follow(guestConnection, [roomId], true, true);

      const [first, second, third] = chats as [Chat, Chat, Chat];
      const publicOnly = ['public'] as const;
      const both = ['public', 'internal'] as const;
      const plan = (name: string, person: Chat['guest'], to: string[], door: 'socket' | 'rest', window: number): WriterPlan => ({
        name,
        person,
        rooms: to,
        streams: [...(person.email === undefined ? publicOnly : both)],
        door,
        window,
      });
      write(plan('guest in a hurry', first.guest, [first.roomId], 'socket', 12), true);
      write(plan('guest with patience', second.guest, [second.roomId], 'socket', 1), true);
      write(plan('guest over REST', third.guest, [third.roomId], 'rest', 1), false);
      write(plan('guest of two minds', second.guest, [second.roomId], 'rest', 3), false);
      write(plan('agent in a hurry', agent, rooms, 'socket', 12), true);
      write(plan('agent with patience', agent, [first.roomId], 'socket', 1), false);
      write(plan('agent over REST', agent, rooms, 'rest', 2), false);
      const clerk = new Clerk(clerkAgent, rooms, server.url, recorder, fork());
      const nemesis = new Nemesis(server, connections, fork());
      await Promise.all(connections.map((connection) => connection.up()));

      const start = Date.now();
      const run = recorder.history;
      const { kills } = server;
      const isBadEnough = (): boolean =>
        kills.server >= FEWEST_KILLS && kills.postgres >= FEWEST_KILLS && run.sendings.length > FEWEST_ACKED * 2;
      const pause = async (): Promise<void> => {
        while (run.sendings.length / MOST_MESSAGES > 0.01 + (Date.now() - start) / (SECONDS * 1000) && !isOver) await sleep(20);
      };
      const clerks = [1, 2, 3].map(() => clerk.run(() => isOver));
      const work = [...writers.map((writer) => writer.run(() => isOver, pause)), ...clerks];
      await nemesis.run(() => Date.now() - start >= SECONDS * 1000 && isBadEnough());
      isOver = true;
      await Promise.all(work);

      for (const chat of chats) run.streams.push(...(await readStreams(server.url, agent, agentConnection, chat)));
      await settle(run);
      for (const chat of chats) await lookForOpenDoors(server.url, chat, recorder);
      for (const connection of connections) connection.close();
      for (const death of server.deaths) recorder.odd(death);
      if (!(await server.stop())) recorder.odd('the server did not stop by itself');

      const attempts = run.sendings.flatMap((sending) => sending.attempts);
      const acked = run.sendings.filter((sending) => sending.attempts.some(({ place }) => place !== null)).length;
      const heard = run.live.reduce((sum, { seqs }) => sum + seqs.length, 0);
      const violations = check(run);
      report(violations, {
        sent: run.sendings.length,
        acked,
        repeats: attempts.length - run.sendings.length,
        'kills of the server': kills.server,
        'kills of PostgreSQL': kills.postgres,
        'kills of one of its processes': kills.backend,
        reconnects: connections.reduce((sum, { reconnects }) => sum + reconnects, 0),
        'room changes': clerk.changes,
        'entries checked': run.applied.reduce((sum, { lines }) => sum + lines.length, 0),
        'heard live': heard,
        'looks and changes': run.probes.length,
      });
      if (violations.length === 0) server.remove();
      expect(violations.slice(0, 20)).toEqual([]);
      expect(kills.server).toBeGreaterThanOrEqual(FEWEST_KILLS);
      expect(kills.postgres).toBeGreaterThanOrEqual(FEWEST_KILLS);
      expect(acked).toBeGreaterThanOrEqual(FEWEST_ACKED);
      expect(run.probes.length).toBeGreaterThan(0);
      expect(heard).toBeGreaterThan(0);
    },
    (SECONDS + 600) * 1000,
  );
});
