import { SnoozeService } from '../src/room/snooze.service.js';
import { AbsenceService } from '../src/routing/absence.service.js';
import { startApp, type TestApp } from './support/app.js';
import { buildAgent, buildBusiness, buildGuest, buildRoom, say, setUp, type Person, type Tenant } from './support/factories.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

/** How often each race is run; CI runs them all a hundred times. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 3);
const CROWD = 200;
jest.setTimeout(60_000 + ROUNDS * 10_000);

interface Outcome {
  codes: string[];
  room: { assignee: { id: string } | null; status: string; snoozedUntil: string | null };
}

describe(`races, each ${ROUNDS} times`, () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp({ DATABASE_POOL: '20' });
    shop = await buildBusiness(app.url);
  });
  afterAll(async () => {
    closeSockets();
    await app.close();
  });

  const post = (path: string, body: unknown = {}, { token }: Person = shop.admin): Promise<Answer> =>
    rest(app.url, 'POST', path, { token, body });
  const close = (roomId: string): Promise<Answer> => rest(app.url, 'DELETE', `/api/rooms/${roomId}`, { token: shop.admin.token });
  const codeOf = ({ status, body }: Answer): string => body?.code ?? String(status);
  const count = (codes: string[]): Record<string, number> =>
    codes.reduce<Record<string, number>>((counts, code) => ({ ...counts, [code]: (counts[code] ?? 0) + 1 }), {});

  /** Loads are the rooms that are held, nobody is over its capacity, and each room's lines tell how it stands. */
  const expectSound = async (): Promise<void> => {
    const wrong = await app.sql(
      `SELECT u.id, u.load, u.capacity, count(r.id) AS held FROM "user" u
         LEFT JOIN room r ON r.assignee_id = u.id AND r.status <> 'closed'
         GROUP BY u.id HAVING u.load <> count(r.id) OR u.load > u.capacity`,
    );
    expect(wrong).toEqual([]);
    const told = await app.sql(
      `SELECT r.id FROM room r JOIN LATERAL (
           SELECT assignee_id FROM message m WHERE m.room_id = r.id AND m.activity IN ('assigned', 'unassigned', 'transferred', 'reopened')
             ORDER BY m.seq DESC LIMIT 1) last ON true
         WHERE last.assignee_id IS DISTINCT FROM r.assignee_id`,
    );
    expect(told).toEqual([]);
  };

  /** As clients do: whether a call that is answered with `unavailable` was carried out is not known, so it is made again. */
  const answered = async (contend: () => Promise<string>): Promise<string> => {
    for (let tries = 1; ; tries++) {
      const code = await contend();
      if (code !== 'unavailable' || tries === 10) return code;
    }
  };

  /** Runs contenders against each other in a room made anew each time, and counts how it went. */
  const race = async (
    prepare: (round: number) => Promise<{ roomId: string; contenders: (() => Promise<string>)[] }>,
    judge: (outcome: Outcome) => string,
  ): Promise<Record<string, number>> => {
    const outcomes: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { roomId, contenders } = await prepare(round);
      // In another order each time.
      const turned = contenders.map((_, index) => contenders[(index + round) % contenders.length] as () => Promise<string>);
      const codes = await Promise.all(turned.map(answered));
      const { body } = await rest(app.url, 'GET', `/api/rooms/${roomId}`, { token: shop.admin.token });
      outcomes.push(
        judge({
          codes: contenders.map(
            (_, index) => codes[(index - (round % contenders.length) + contenders.length) % contenders.length] as string,
          ),
          room: body,
        }),
      );
    }
    await expectSound();
    process.stdout.write(`${expect.getState().currentTestName}: ${JSON.stringify(count(outcomes))}\n`);
    return count(outcomes);
  };

  it(`A34 P9 of ${CROWD} agents who claim one room one has it`, async () => {
    const crowd: { person: Person; socket: TestSocket | undefined }[] = [];
    for (let n = 0; n < CROWD; n++) {
      const person = await buildAgent(app.url, shop);
      crowd.push({ person, socket: n % 2 ? await connect(app.url, person.token) : undefined });
    }
    const outcomes = await race(
      async () => {
        const { room } = await buildRoom(app.url, shop);
        const roomId = room.id;
        const contenders = crowd.map(({ person, socket }) => async () => {
          if (!socket) return codeOf(await post(`/api/rooms/${roomId}/claim`, {}, person));
          const answer = await socket.ask('room.claim', { roomId });
          return answer.ok ? '200' : answer.error.code;
        });
        return { roomId, contenders };
      },
      ({ codes, room }) => {
        const winner = crowd[codes.indexOf('200')]?.person.id;
        return room.assignee?.id === winner ? JSON.stringify(count(codes)) : 'somebody else has it';
      },
    );
    expect(outcomes).toEqual({ [JSON.stringify({ '200': 1, 'room.already_assigned': CROWD - 1 })]: ROUNDS });
  });

  it('A34 P9 an agent of capacity 3 who claims 50 rooms has three', async () => {
    const outcomes: string[] = [];
    const rooms = await Promise.all(Array.from({ length: 50 }, () => buildRoom(app.url, shop)));
    for (let round = 0; round < ROUNDS; round++) {
      const agent = await buildAgent(app.url, shop, { capacity: 3 });
      const codes = await Promise.all(rooms.map(({ room }) => answered(() => post(`/api/rooms/${room.id}/claim`, {}, agent).then(codeOf))));
      outcomes.push(JSON.stringify(Object.entries(count(codes)).sort()));
      const won = rooms.filter((_, index) => codes[index] === '200');
      await Promise.all(won.map(({ room }) => post(`/api/rooms/${room.id}/assign`, { agentId: null })));
    }
    await expectSound();
    expect(count(outcomes)).toEqual({ '[["200",3],["agent.at_capacity",47]]': ROUNDS });
  });

  describe('A35', () => {
    let agent: Person;
    let colleague: Person;

    beforeEach(async () => {
      [agent, colleague] = [await buildAgent(app.url, shop), await buildAgent(app.url, shop)];
    });

    const held = async (): Promise<{ roomId: string; guest: Person }> => {
      const { room, guest } = await buildRoom(app.url, shop);
      await post(`/api/rooms/${room.id}/claim`, {}, agent);
      return { roomId: room.id, guest };
    };
    const transferTo = (roomId: string, to: Person): Promise<string> =>
      post(`/api/rooms/${roomId}/transfer`, { agentId: to.id, note: 'Yours' }).then(codeOf);

    it('a transfer against a close: it is with the other and then closed, or closed and not transferred', async () => {
      const outcomes = await race(
        async () => {
          const { roomId } = await held();
          return { roomId, contenders: [() => transferTo(roomId, colleague), () => close(roomId).then(codeOf)] };
        },
        ({ codes, room }) => `${codes.join(' ')} ${room.status} ${room.assignee?.id === colleague.id ? 'other' : 'same'}`,
      );
      const fair = ['200 200 closed other', 'room.closed 200 closed same'];
      expect(Object.keys(outcomes).filter((outcome) => !fair.includes(outcome))).toEqual([]);
    });

    it('a transfer against disabling: the disabled agent has it no more', async () => {
      const outcomes = await race(
        async () => {
          const leaver = await buildAgent(app.url, shop);
          const { roomId } = await held();
          const disable = (): Promise<string> =>
            rest(app.url, 'DELETE', `/api/agents/${leaver.id}`, { token: shop.admin.token }).then(codeOf);
          return { roomId, contenders: [() => transferTo(roomId, leaver), disable] };
        },
        ({ codes, room }) =>
          `${codes.join(' ')} ${room.status} ${room.assignee === null ? 'nobody' : room.assignee.id === agent.id ? 'same' : 'other'}`,
      );
      const fair = ['200 204 open nobody', 'agent.unavailable 204 open same'];
      expect(Object.keys(outcomes).filter((outcome) => !fair.includes(outcome))).toEqual([]);
    });

    it('a transfer against the end of the lease: the other has it, whichever came first', async () => {
      await setUp(app.url, shop, { routing: { giveBackAfterSeconds: 0 } });
      const absences = app.app.get<AbsenceService, { sweep(): Promise<void> }>(AbsenceService);
      const here = await connect(app.url, colleague.token);
      const outcomes = await race(
        async () => {
          const { roomId, guest } = await held();
          await say(app.url, guest, roomId, 'Hello?');
          return { roomId, contenders: [() => transferTo(roomId, colleague), () => absences.sweep().then(() => 'swept')] };
        },
        ({ codes, room }) => `${codes.join(' ')} ${room.status} ${room.assignee?.id === colleague.id ? 'other' : 'lost'}`,
      );
      expect(outcomes).toEqual({ '200 swept open other': ROUNDS });
      here.close();
      await setUp(app.url, shop, { routing: { giveBackAfterSeconds: null } });
    });

    it('reopening against assigning: it is open with the one assigned, or was closed when the assignment came', async () => {
      const outcomes = await race(
        async () => {
          const { roomId } = await held();
          await close(roomId);
          const reopen = (): Promise<string> => post(`/api/rooms/${roomId}/reopen`).then(codeOf);
          const assign = (): Promise<string> => post(`/api/rooms/${roomId}/assign`, { agentId: colleague.id }).then(codeOf);
          return { roomId, contenders: [reopen, assign] };
        },
        ({ codes, room }) => `${codes.join(' ')} ${room.status} ${room.assignee?.id === colleague.id ? 'other' : 'same'}`,
      );
      const fair = ['200 200 open other', '200 room.closed open same'];
      expect(Object.keys(outcomes).filter((outcome) => !fair.includes(outcome))).toEqual([]);
    });

    it('a message against a close is stored and shown, or refused', async () => {
      const outcomes = await race(
        async () => {
          const { roomId, guest } = await held();
          const send = (): Promise<string> =>
            say(app.url, guest, roomId, 'One more').then(
              () => '201',
              (error: unknown) => /"code":"([a-z._]+)"/.exec(String(error))?.[1] ?? 'lost',
            );
          return { roomId, contenders: [send, () => close(roomId).then(codeOf)] };
        },
        ({ codes, room }) => `${codes.join(' ')} ${room.status}`,
      );
      expect(Object.keys(outcomes).filter((outcome) => !['201 200 closed', 'room.closed 200 closed'].includes(outcome))).toEqual([]);
    });

    it('waking against a close: it is closed and sleeps no more, or was closed before it could wake', async () => {
      const outcomes = await race(
        async () => {
          const { roomId } = await held();
          await rest(app.url, 'PATCH', `/api/rooms/${roomId}`, {
            token: shop.admin.token,
            body: { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() },
          });
          await app.sql("UPDATE room SET snoozed_until = now() - interval '1 second' WHERE id = $1", [roomId]);
          const wake = (): Promise<string> =>
            app.app
              .get(SnoozeService)
              .sweep()
              .then(() => 'swept');
          return { roomId, contenders: [wake, () => close(roomId).then(codeOf), wake] };
        },
        ({ codes, room }) => [...codes, room.status, String(room.snoozedUntil)].join(' '),
      );
      expect(outcomes).toEqual({ 'swept 200 swept closed null': ROUNDS });
      const twice = await app.sql(
        `SELECT room_id FROM message WHERE activity = 'status_changed' AND change ->> 'to' = 'open' GROUP BY room_id HAVING count(*) > 1`,
      );
      expect(twice).toEqual([]);
      await expectSound();
    });

    it('two servers that route the same queue give each room once and nobody too many', async () => {
      const own = await buildBusiness(app.url);
      const second = await startApp({ DATABASE_POOL: '20' }, app.databaseUrl);
      try {
        await setUp(app.url, own, { routing: { mode: 'auto' } });
        const agents = [await buildAgent(app.url, own, { capacity: 2 }), await buildAgent(app.url, own, { capacity: 3 })];
        for (const { token } of agents) await connect(app.url, token);
        const guests = await Promise.all(Array.from({ length: 2 * ROUNDS }, () => buildGuest(app.url, own)));
        await Promise.all(
          guests.map((guest, index) => rest((index % 2 ? app : second).url, 'POST', '/api/rooms', { token: guest.token, body: {} })),
        );
        for (let closed = 0; closed < guests.length;) {
          const open = await app.sql<{ id: string }>(
            "SELECT id FROM room WHERE business_id = $1 AND status = 'open' AND assignee_id IS NOT NULL",
            [own.id],
          );
          await expectSound();
          closed += open.length;
          await Promise.all(
            open.map(({ id }, index) => rest((index % 2 ? app : second).url, 'DELETE', `/api/rooms/${id}`, { token: own.admin.token })),
          );
          if (open.length === 0) await new Promise((done) => setTimeout(done, 20));
        }
        // In the order in which they came, since that is the order in which they waited.
        const lines = await app.sql<{ n: string }>(
          "SELECT count(*) AS n FROM message m JOIN room r ON r.id = m.room_id WHERE r.business_id = $1 AND m.activity = 'assigned' GROUP BY r.id",
          [own.id],
        );
        expect(lines.map(({ n }) => Number(n))).toEqual(guests.map(() => 1));
      } finally {
        await second.close();
      }
    });
  });
});
