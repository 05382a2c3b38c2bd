import pg from 'pg';
import { readFileSync } from 'node:fs';
import type { ReportOverview } from '../src/contract/report.js';
import { Chores } from '../src/database/chores.js';
import { newId } from '../src/database/new-id.js';
import { Lull } from '../src/event/lull.js';
import { CountService } from '../src/report/count.service.js';
import { StreamWriter } from '../src/stream/stream.writer.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildGuest,
  buildRoom,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { rest, type Answer } from './support/rest.js';

const PAGE = readFileSync('docs/reports.md', 'utf8');
const HOURS = { timeZone: 'Europe/Berlin', weekly: [], holidays: [] };
const NOTHING = { median: null, p90: null };

interface Happening {
  time: string;
  room: string;
  who: string;
  what: string;
}

/** The table of what happens in the example of the page. */
const STORY: Happening[] = [...PAGE.matchAll(/^\| (20\S+Z) +\| (\w) +\| (\w+) +\| ([^|]+?) +\|/gm)].map(
  ([, time = '', room = '', who = '', what = '']) => ({ time, room, who, what }),
);
/** What the page says that the server answers. */
const TOLD = JSON.parse(/```json\n([^`]+)```/.exec(PAGE)?.[1] ?? '') as ReportOverview;

describe('C17 N42 reports', () => {
  let app: TestApp;
  let shop: Tenant;

  const ask = (query: string, { token } = shop.admin): Promise<Answer> => rest(app.url, 'GET', `/api/reports/overview?${query}`, { token });
  const report = async (query: string, tenant = shop): Promise<ReportOverview> => {
    const { status, body } = await ask(query, tenant.admin);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body as ReportOverview;
  };
  /** A table is not JSON: asked for as it comes. */
  const csv = async (query: string): Promise<{ type: string | null; name: string | null; lines: string[] }> => {
    const response = await fetch(`${app.url}/api/reports/overview?format=csv&${query}`, {
      headers: { Authorization: `Bearer ${shop.admin.token}` },
    });
    expect(response.status).toBe(200);
    const [type, name] = [response.headers.get('content-type'), response.headers.get('content-disposition')];
    return { type, name, lines: (await response.text()).split('\r\n') };
  };
  const act = async (person: Person, method: string, path: string, body?: object): Promise<Answer['body']> => {
    const answer = await rest(app.url, method, `/api/rooms/${path}`, { token: person.token, body });
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const recount = (): Promise<number> => app.app.get(CountService).recount();

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  describe('the example of docs/reports.md', () => {
    const people = new Map<string, Person>();
    const rooms = new Map<string, string>();
    const lastOf = new Map<string, string>();
    let told: Tenant;

    const does = async ({ room, who, what }: Happening): Promise<void> => {
      const id = rooms.get(room) as string;
      const by = who === 'bot' ? told.admin : (people.get(who) ?? (await buildGuest(app.url, told, who)));
      people.set(who, by);
      const [verb, ...words] = what.split(' ');
      switch (verb) {
        case 'opens':
          rooms.set(room, (await buildRoom(app.url, told, by)).room.id);
          return;
        case 'writes':
        case 'notes':
          lastOf.set(room, (await say(app.url, by, id, what, verb === 'notes' ? 'internal' : 'public')).id);
          if (who === 'bot') await app.sql('UPDATE message SET ai = true WHERE id = $1', [lastOf.get(room)]);
          return;
        case 'deletes':
          await rest(app.url, 'DELETE', `/api/rooms/${id}/messages/${lastOf.get(room)}`, { token: by.token });
          return;
        case 'claims':
          await act(by, 'POST', `${id}/claim`);
          return;
        case 'transfers':
          await act(by, 'POST', `${id}/transfer`, { agentId: people.get(words[1] as string)?.id });
          return;
        case 'closes':
          await act(by, 'DELETE', id);
          return;
        case 'ends':
        case 'reopens':
          await act(by, 'POST', `${id}/${verb === 'ends' ? 'end' : 'reopen'}`);
          return;
        case 'rates':
          await act(by, 'POST', `${id}/rating`, { score: Number(words[0]) });
          return;
        default:
          throw new Error(`nobody knows how somebody ${what}`);
      }
    };

    /** What was just done was done then. */
    const backDate = async ({ time, room, what }: Happening, begun: Date): Promise<void> => {
      const values = [rooms.get(room), time, begun];
      await app.sql('UPDATE message SET created_at = $2 WHERE room_id = $1 AND created_at >= $3', values);
      if (what === 'opens') await app.sql('UPDATE room SET created_at = $2 WHERE id = $1', values.slice(0, 2));
      if (what.startsWith('rates')) await app.sql('UPDATE room SET rated_at = $2 WHERE id = $1', values.slice(0, 2));
    };

    beforeAll(async () => {
      told = await buildBusiness(app.url);
      await setUp(app.url, told, { hours: HOURS });
      for (const name of ['Alex', 'Bo']) people.set(name, await buildAgent(app.url, told, { name }));
      for (const happening of STORY) {
        const [now] = await app.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
        await does(happening);
        await backDate(happening, now?.now as Date);
      }
      await recount();
    });

    it('is told whole', () => {
      expect([STORY.length, new Set(STORY.map(({ room }) => room)).size]).toEqual([26, 3]);
    });

    it('comes to the figures of the page', async () => {
      const answer = await report('from=2026-10-24&to=2026-10-26', told);
      expect(answer).toMatchObject(TOLD);
      expect(Object.keys(answer)).toEqual(Object.keys(TOLD));
      expect(answer.perAgent).toHaveLength(TOLD.perAgent.length);
    });

    it('comes to the same by times, and to their sums by parts', async () => {
      const whole = await report('from=2026-10-23T22:00:00Z&to=2026-10-25T23:00:00.000Z', told);
      expect(whole).toMatchObject(TOLD);
      const parts = [
        await report('from=2026-10-24&to=2026-10-25', told),
        await report('from=2026-10-25&to=2026-10-25T01:30:00Z', told),
        await report('from=2026-10-25T01:30:00Z&to=2026-10-26', told),
      ];
      const total = (of: (one: ReportOverview) => number): number => parts.reduce((sum, one) => sum + of(one), 0);
      expect([total((one) => one.rooms.opened), total((one) => one.rooms.closed), total((one) => one.messages)]).toEqual([4, 3, 9]);
      expect(parts[1]?.perDay).toEqual([{ date: '2026-10-25', opened: 1, closed: 1, messages: 1 }]);
      for (const [hour, whole24] of whole.perHour.entries()) {
        expect([hour, total((one) => one.perHour[hour]?.messages ?? 0)]).toEqual([hour, whole24.messages]);
      }
    });

    it('has no figure in the year before, and says so by null and 0', async () => {
      const { rooms: counted, perDay, perHour, perAgent, ...others } = await report('from=2025-01-01&to=2025-01-03', told);
      expect(counted).toEqual({ opened: 0, closed: 0, open: 1 });
      expect(others).toEqual({
        ...{ messages: 0, firstResponseMs: NOTHING, resolutionMs: NOTHING, waitMs: NOTHING },
        rating: { count: 0, mean: null },
      });
      expect(perDay).toEqual(['2025-01-01', '2025-01-02'].map((date) => ({ date, opened: 0, closed: 0, messages: 0 })));
      expect(perHour).toEqual(Array.from({ length: 24 }, (_, hour) => ({ hour, opened: 0, closed: 0, messages: 0 })));
      expect(perAgent.map(({ agent, messages }) => [agent.name, messages])).toEqual(['Ada', 'Alex', 'Bo'].map((name) => [name, 0]));
    });

    it('shows who is disabled only where there is something to show', async () => {
      const bo = people.get('Bo') as Person;
      await rest(app.url, 'DELETE', `/api/agents/${bo.id}`, { token: told.admin.token });
      const names = async (query: string): Promise<unknown[]> => (await report(query, told)).perAgent.map(({ agent }) => agent.name);
      expect(await names('from=2025-01-01&to=2025-01-03')).toEqual(['Ada', 'Alex']);
      expect(await names('from=2026-10-24&to=2026-10-26')).toEqual(['Ada', 'Alex', 'Bo']);
    });

    it('keeps its figures when a customer is erased', async () => {
      const hal = people.get('Hal') as Person;
      expect((await rest(app.url, 'DELETE', '/api/auth/me', { token: hal.token })).status).toBe(204);
      expect((await report('from=2026-10-24&to=2026-10-26', told)).messages).toBe(TOLD.messages);
      await recount();
      expect(await report('from=2026-10-24&to=2026-10-26', told)).toMatchObject({
        ...TOLD,
        rooms: expect.anything(),
        rating: expect.anything(),
      });
    });
  });

  describe('live', () => {
    it('counts what this server just did, and nothing of another business', async () => {
      const [own, other] = [await buildBusiness(app.url), await buildBusiness(app.url)];
      const { room, guest } = await buildRoom(app.url, own);
      await say(app.url, guest, room.id, 'Hello');
      await act(own.admin, 'POST', `${room.id}/claim`);
      await say(app.url, own.admin, room.id, 'Hi');
      const { rooms, messages, firstResponseMs, waitMs, perDay, perAgent } = await report('', own);
      expect([rooms, messages]).toEqual([{ opened: 1, closed: 0, open: 1 }, 2]);
      expect([perDay.length, perDay.at(-1)]).toEqual([
        30,
        { date: new Date().toISOString().slice(0, 10), opened: 1, closed: 0, messages: 2 },
      ]);
      expect(firstResponseMs.median).toBeGreaterThanOrEqual(0);
      expect(waitMs.p90).toBeGreaterThanOrEqual(0);
      expect(perAgent).toMatchObject([{ agent: { id: own.admin.id }, assigned: 1, messages: 1 }]);
      await act(own.admin, 'DELETE', room.id);
      expect((await report('', own)).rooms).toEqual({ opened: 1, closed: 1, open: 0 });
      expect((await report('', other)).rooms).toEqual({ opened: 0, closed: 0, open: 0 });
    });

    it('counts nothing twice and leaves nothing out, however many count at once', async () => {
      const own = await buildBusiness(app.url);
      const second = await startApp({}, app.databaseUrl);
      try {
        const talks = await Promise.all(
          Array.from({ length: 6 }, async (_, at) => {
            const { url } = at % 2 === 0 ? app : second;
            const { room, guest } = await buildRoom(url, own);
            for (let i = 0; i < 5; i++) await say(url, guest, room.id, `${i}`);
            return room.id;
          }),
        );
        const counters = [app, second].map((one) => one.app.get(CountService));
        await Promise.all([...counters, ...counters].map((one) => one.catchUp()));
        // What a killed server was told of is found by whoever sweeps.
        await app.sql('DELETE FROM room_progress WHERE room_id = $1', [talks[0]]);
        await app.sql('DELETE FROM milestone WHERE room_id = $1', [talks[0]]);
        await app.sql(
          'UPDATE message_tally SET messages = messages - 5 WHERE business_id = $1 AND quarter = (SELECT max(quarter) FROM message_tally WHERE business_id = $1)',
          [own.id],
        );
        await Promise.all([app, second].map((one) => one.app.get(Chores).run('count for reports')));
        const { rooms, messages } = await report('', own);
        expect([rooms, messages]).toEqual([{ opened: 6, closed: 0, open: 6 }, 30]);
      } finally {
        await second.close();
      }
    });

    it('stops when a rush of messages begins, and goes on from there when it is over', async () => {
      const own = await buildBusiness(app.url);
      const { room, guest } = await buildRoom(app.url, own);
      // What is written here is a rush indeed, and the server counts by itself now and then.
      const look = jest.spyOn(app.app.get(Lull), 'isNow', 'get').mockReturnValue(false);
      const writer = app.app.get(StreamWriter);
      const entry = { businessId: own.id, roomId: room.id, stream: 'public', kind: 'text', senderId: guest.id, fingerprint: 'f' } as const;
      await Promise.all(
        Array.from({ length: 2_500 }, () =>
          writer.append({ ...entry, id: newId(), clientMessageId: newKey(), body: 'Hello', wakes: true }),
        ),
      );
      const counted = async (): Promise<number> =>
        (await app.sql<{ seq: number }>('SELECT seq FROM room_progress WHERE room_id = $1', [room.id]))[0]?.seq ?? 0;
      // Of its looks the first ones find no rush: it begins to count.
      let looks = 0;
      look.mockImplementation(() => looks++ < 3);
      await app.app.get(Chores).run('count for reports');
      const atRush = await counted();
      expect([atRush > 0, atRush < 2_500]).toEqual([true, true]);
      await app.app.get(Chores).run('count for reports');
      expect(await counted()).toBe(atRush);
      look.mockReturnValue(true);
      await app.app.get(Chores).run('count for reports');
      look.mockRestore();
      expect(await counted()).toBe(2_500);
      expect((await report('', own)).messages).toBe(2_500);
    });

    it('is told without what another server has in hand for long, and with it afterwards', async () => {
      const own = await buildBusiness(app.url);
      const [held, free] = [await buildRoom(app.url, own), await buildRoom(app.url, own)];
      await report('', own);
      const other = new pg.Client({ connectionString: app.databaseUrl });
      await other.connect();
      try {
        await other.query('BEGIN');
        await other.query('SELECT 1 FROM room_progress WHERE room_id = $1 FOR UPDATE', [held.room.id]);
        for (const { room, guest } of [held, free]) await say(app.url, guest, room.id, 'Hello');
        const began = Date.now();
        expect((await report('', own)).messages).toBe(0);
        expect(Date.now() - began).toBeLessThan(8_000);
      } finally {
        await other.end();
      }
      const { messages } = await until(
        () => report('', own),
        (now) => now.messages > 0,
      );
      expect(messages).toBe(2);
    });

    it('shows what another server did within seconds', async () => {
      const own = await buildBusiness(app.url);
      const second = await startApp({}, app.databaseUrl);
      try {
        await buildRoom(second.url, own);
        const seen = await until(
          () => report('', own),
          ({ rooms }) => rooms.opened === 1,
          15_000,
        );
        expect(seen.rooms.open).toBe(1);
      } finally {
        await second.close();
      }
    });

    it('counts nothing for a message that was not stored twice', async () => {
      const own = await buildBusiness(app.url);
      const { room, guest } = await buildRoom(app.url, own);
      const body = { clientMessageId: newKey(), body: 'once' };
      for (let i = 0; i < 3; i++) await act(guest, 'POST', `${room.id}/messages`, body);
      expect((await report('', own)).messages).toBe(1);
    });
  });

  describe('CSV', () => {
    it('A55 has a row for each day or agent, and no cell that a spreadsheet would calculate', async () => {
      const name = '=HYPERLINK("http://evil.example")';
      const evil = await buildAgent(app.url, shop, { name });
      const byDay = await csv('from=2026-10-24&to=2026-10-27');
      expect(byDay).toEqual({
        type: 'text/csv; charset=utf-8',
        name: 'attachment; filename="report-by-day.csv"',
        lines: ['date,opened,closed,messages', '2026-10-24,0,0,0', '2026-10-25,0,0,0', '2026-10-26,0,0,0', ''],
      });
      const byHour = await csv('rows=hour');
      expect([byHour.name, byHour.lines.length, ...byHour.lines.slice(0, 2)]).toEqual([
        'attachment; filename="report-by-hour.csv"',
        26,
        'hour,opened,closed,messages',
        '0,0,0,0',
      ]);
      const { lines } = await csv('rows=agent');
      expect(lines[0]).toBe('agentId,name,assigned,closed,messages,firstResponseMedianMs,firstResponseP90Ms,ratings,ratingMean');
      expect(lines[2]).toBe(`${evil.id},"'=HYPERLINK(""http://evil.example"")",0,0,0,,,0,`);
    });
  });

  it('A42 A43 A44 A45 A48 refuses what is no range, and whatever else is sent', async () => {
    const bad = [
      ...[
        'from=yesterday',
        'from=',
        'from=2026-02-29',
        'from=275761-01-01',
        'to=%2B275760-09-13T00:00:00.001Z',
        'from=-000001-01-01T00:00:00Z',
      ],
      ...[
        'from=1e309',
        'from=0',
        "to=2026-11-01'%20OR%201=1--",
        "from=2026-11-01T00:00:00Z');DROP%20TABLE%20room;--",
        'from=2026-11-01%00',
      ],
      ...['from[]=2026-11-01', 'from[$gt]=2026-11-01', 'from=2026-11-01&from=2026-11-02', '__proto__[x]=1', 'constructor=1', 'sort=date'],
      ...[
        'from=2026-11-02&to=2026-11-02',
        'from=2026-11-03&to=2026-11-02',
        'from=2024-01-01&to=2026-01-01',
        'from=1000-01-01',
        'from=2999-01-01',
      ],
      ...['format=xml', 'format=CSV', 'rows=agent', 'format=json&rows=day', 'format=csv&rows=room', `from=${'2'.repeat(5_000)}`],
    ];
    for (const query of bad) {
      const { body } = await ask(query);
      expect([query.slice(0, 60), body.status, body.code]).toEqual([query.slice(0, 60), 400, 'validation.failed']);
    }
  });

  it('is for admins alone', async () => {
    const [agent, guest] = [await buildAgent(app.url, shop), await buildGuest(app.url, shop)];
    for (const person of [agent, guest]) expect((await ask('', person)).body).toMatchObject({ status: 403, code: 'access.denied' });
  });
});
