import { SnoozeService } from '../src/room/snooze.service.js';
import { AbsenceService } from '../src/routing/absence.service.js';
import { startApp } from './support/app.js';
import { buildAgent, buildBusiness, buildGuest, buildRoom, say, setUp, type Person } from './support/factories.js';
import { codeOf, Races, ROUNDS } from './support/races.js';
import { rest } from './support/rest.js';
import { connect } from './support/socket.js';

describe(`races, each ${ROUNDS} times`, () => {
  const races = new Races();
  const { race, expectSound, post, close } = races;

  describe('A35', () => {
    let agent: Person;
    let colleague: Person;

    beforeEach(async () => {
      [agent, colleague] = [await buildAgent(races.app.url, races.shop), await buildAgent(races.app.url, races.shop)];
    });

    const held = async (): Promise<{ roomId: string; guest: Person }> => {
      const { room, guest } = await buildRoom(races.app.url, races.shop);
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
          const leaver = await buildAgent(races.app.url, races.shop);
          const { roomId } = await held();
          const disable = (): Promise<string> =>
            rest(races.app.url, 'DELETE', `/api/agents/${leaver.id}`, { token: races.shop.admin.token }).then(codeOf);
          return { roomId, contenders: [() => transferTo(roomId, leaver), disable] };
        },
        ({ codes, room }) =>
          `${codes.join(' ')} ${room.status} ${room.assignee === null ? 'nobody' : room.assignee.id === agent.id ? 'same' : 'other'}`,
      );
      const fair = ['200 204 open nobody', 'agent.unavailable 204 open same'];
      expect(Object.keys(outcomes).filter((outcome) => !fair.includes(outcome))).toEqual([]);
    });

    it('a transfer against the end of the lease: the other has it, whichever came first', async () => {
      await setUp(races.app.url, races.shop, { routing: { giveBackAfterSeconds: 0 } });
      const absences = races.app.app.get<AbsenceService, { sweep(): Promise<void> }>(AbsenceService);
      const here = await connect(races.app.url, colleague.token);
      const outcomes = await race(
        async () => {
          const { roomId, guest } = await held();
          await say(races.app.url, guest, roomId, 'Hello?');
          return { roomId, contenders: [() => transferTo(roomId, colleague), () => absences.sweep().then(() => 'swept')] };
        },
        ({ codes, room }) => `${codes.join(' ')} ${room.status} ${room.assignee?.id === colleague.id ? 'other' : 'lost'}`,
      );
      expect(outcomes).toEqual({ '200 swept open other': ROUNDS });
      here.close();
      await setUp(races.app.url, races.shop, { routing: { giveBackAfterSeconds: null } });
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
            say(races.app.url, guest, roomId, 'One more').then(
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
          await rest(races.app.url, 'PATCH', `/api/rooms/${roomId}`, {
            token: races.shop.admin.token,
            body: { snoozedUntil: new Date(Date.now() + 3_600_000).toISOString() },
          });
          await races.app.sql("UPDATE room SET snoozed_until = now() - interval '1 second' WHERE id = $1", [roomId]);
          const wake = (): Promise<string> =>
            races.app.app
              .get(SnoozeService)
              .sweep()
              .then(() => 'swept');
          return { roomId, contenders: [wake, () => close(roomId).then(codeOf), wake] };
        },
        ({ codes, room }) => [...codes, room.status, String(room.snoozedUntil)].join(' '),
      );
      expect(outcomes).toEqual({ 'swept 200 swept closed null': ROUNDS });
      const twice = await races.app.sql(
        `SELECT room_id FROM message WHERE activity = 'status_changed' AND change ->> 'to' = 'open' GROUP BY room_id HAVING count(*) > 1`,
      );
      expect(twice).toEqual([]);
      await expectSound();
    });

    it('two servers that route the same queue give each room once and nobody too many', async () => {
      const own = await buildBusiness(races.app.url);
      const second = await startApp({ DATABASE_POOL: '20' }, races.app.databaseUrl);
      try {
        await setUp(races.app.url, own, { routing: { mode: 'auto' } });
        const agents = [await buildAgent(races.app.url, own, { capacity: 2 }), await buildAgent(races.app.url, own, { capacity: 3 })];
        for (const { token } of agents) await connect(races.app.url, token);
        const guests = await Promise.all(Array.from({ length: 2 * ROUNDS }, () => buildGuest(races.app.url, own)));
        await Promise.all(
          guests.map((guest, index) => rest((index % 2 ? races.app : second).url, 'POST', '/api/rooms', { token: guest.token, body: {} })),
        );
        for (let closed = 0; closed < guests.length;) {
          const open = await races.app.sql<{ id: string }>(
            "SELECT id FROM room WHERE business_id = $1 AND status = 'open' AND assignee_id IS NOT NULL",
            [own.id],
          );
          await expectSound();
          closed += open.length;
          await Promise.all(
            open.map(({ id }, index) =>
              rest((index % 2 ? races.app : second).url, 'DELETE', `/api/rooms/${id}`, { token: own.admin.token }),
            ),
          );
          if (open.length === 0) await new Promise((done) => setTimeout(done, 20));
        }
        // In the order in which they came, since that is the order in which they waited.
        const lines = await races.app.sql<{ n: string }>(
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
