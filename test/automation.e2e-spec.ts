import { DataSource } from 'typeorm';
import { AutomationLedger, type Standing } from '../src/automation/automation.ledger.js';
import { AutomationService } from '../src/automation/automation.service.js';
import { BusinessService } from '../src/business/business.service.js';
import { IdleQuestionService } from '../src/automation/idle-question.service.js';
import { ReminderService } from '../src/automation/reminder.service.js';
import type { Message } from '../src/contract/message.js';
import { poolOf } from '../src/database/data-source.js';
import { IdleCloseService } from '../src/room/idle-close.service.js';
import { startApp, type TestApp } from './support/app.js';
import { letPass } from './support/let-pass.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildGuest,
  buildLabel,
  buildRoom,
  buildRule,
  buildTeam,
  newKey,
  RULE,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { nodesOf, type Plan } from './support/plan.js';
import { rest, type Answer } from './support/rest.js';
import { closeSockets, connect } from './support/socket.js';
import { entriesOf, story, storyOf } from './support/story.js';

const CLOSED = { timeZone: 'Europe/Berlin', weekly: [], holidays: [] };
const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

describe('what a business has done by itself', () => {
  let app: TestApp;
  let tenant: Tenant;

  beforeAll(async () => {
    app = await startApp();
  });
  beforeEach(async () => {
    tenant = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  const call = (method: string, path: string, body?: unknown, { token }: Person = tenant.admin): Promise<Answer> =>
    rest(app.url, method, path, { token, body });
  const told = (roomId: string, length: number): Promise<string[]> => storyOf(app.url, tenant.admin, roomId, length);
  const entries = (roomId: string, stream: 'public' | 'internal' = 'public'): Promise<Message[]> =>
    entriesOf(app.url, tenant.admin, roomId, stream);
  const notes = async (roomId: string): Promise<Message[]> => (await entries(roomId, 'internal')).filter(({ kind }) => kind === 'text');
  const room = async (roomId: string): Promise<any> => (await call('GET', `/api/rooms/${roomId}`)).body;
  const logOf = async (query = ''): Promise<any[]> => (await call('GET', `/api/rules/firings${query}`)).body.items;
  /** The log once that many rules have done all they say. */
  const firings = async (length: number, query = ''): Promise<any[]> =>
    until(
      () => logOf(query),
      (items) => items.length >= length && !items.some(({ stopped, actions }) => !stopped && actions.length === 0),
      8_000,
    );
  const ask = async (body: string, guest?: Person): Promise<{ roomId: string; guest: Person }> => {
    const made = await buildRoom(app.url, tenant, guest);
    await say(app.url, made.guest, made.room.id, body);
    return { roomId: made.room.id, guest: made.guest };
  };
  /** Who connects is there a moment later. */
  const staffArrive = async (): Promise<void> => {
    await connect(app.url, tenant.admin.token);
    await until(
      () => app.app.get(BusinessService).agentsOnline(tenant.id),
      (online) => online > 0,
    );
  };
  const age = (roomId: string, minutes: number): Promise<void> => letPass(app, roomId, minutes);

  describe('N13 greetings', () => {
    const texts = {
      welcome: 'Hello {{customer.name|there}}, welcome to {{business.name}}.',
      away: 'Nobody is here right now.',
      afterHours: 'We are closed until {{business.nextOpening|next year}}.',
    };

    it('K8 welcomes who writes first while staff are there, once, and the customer waits on', async () => {
      await setUp(app.url, tenant, { autoReplies: texts });
      await staffArrive();
      const { roomId, guest } = await ask('Hi');
      const [business] = await app.sql<{ name: string }>('SELECT name FROM business WHERE id = $1', [tenant.id]);
      const welcome = `bot: Hello Gwen, welcome to ${business?.name}.`;
      expect(await told(roomId, 2)).toEqual(['guest: Hi', welcome]);
      const [, greeting] = await entries(roomId);
      expect(greeting).toMatchObject({ ai: false, sender: { role: 'bot' }, stream: 'public' });
      expect(await room(roomId)).toMatchObject({ status: 'open', queuePosition: 1 });
      expect(await app.sql('SELECT 1 FROM stream_counter WHERE room_id = $1 AND asked_at IS NOT NULL', [roomId])).toHaveLength(1);
      await say(app.url, guest, roomId, 'Anybody?');
      await say(app.url, tenant.admin, roomId, 'Here');
      await say(app.url, guest, roomId, 'Good');
      await pause(500);
      expect(await told(roomId, 5)).toEqual(['guest: Hi', welcome, 'guest: Anybody?', 'admin: Here', 'guest: Good']);
    });

    it('says once in each wait that nobody is there, or that it is closed and when it opens', async () => {
      await setUp(app.url, tenant, { autoReplies: texts });
      const { roomId, guest } = await ask('Hi');
      expect(await told(roomId, 2)).toEqual(['guest: Hi', `bot: ${texts.away}`]);
      await say(app.url, guest, roomId, 'Hello?');
      await pause(300);
      await setUp(app.url, tenant, { hours: CLOSED });
      await say(app.url, guest, roomId, 'Night?');
      expect((await told(roomId, 5)).slice(2)).toEqual(['guest: Hello?', 'guest: Night?', 'bot: We are closed until next year.']);
      await say(app.url, tenant.admin, roomId, 'Up late');
      const now = new Date();
      const day = ((now.getUTCDay() + 6) % 7) + 1;
      const next = (day % 7) + 1;
      await setUp(app.url, tenant, { hours: { timeZone: 'UTC', weekly: [{ day: next, from: '09:30', to: '17:00' }], holidays: [] } });
      await say(app.url, guest, roomId, 'When?');
      const opening = new Date(now.getTime() + 86_400_000).toLocaleDateString('en', {
        ...{ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' },
      });
      const last = (await told(roomId, 8)).at(-1);
      expect(last).toContain(opening.split(',')[0]);
      expect(last).toMatch(/0?9:30/);
    });

    it('says nothing where it has no words, where staff spoke first, and while the AI has the room', async () => {
      await setUp(app.url, tenant, { autoReplies: { welcome: texts.welcome, away: null } });
      const silent = await ask('Hi');
      await pause(500);
      expect(await told(silent.roomId, 1)).toEqual(['guest: Hi']);
      await buildArticle(app.url, tenant, { title: 'How long does shipping take?', body: 'Two days.' });
      await setUp(app.url, tenant, { autoReplies: texts, ai: { enabled: true } });
      const { roomId, guest } = await ask('How long does shipping take?');
      expect((await told(roomId, 2)).map((line) => line.split('\n')[0])).toEqual(['guest: How long does shipping take?', 'bot: Two days.']);
      await say(app.url, guest, roomId, 'A human please');
      expect((await told(roomId, 5)).slice(2)).toEqual(['guest: A human please', 'handed_over', `bot: ${texts.away}`]);
      await setUp(app.url, tenant, { ai: { enabled: false } });
      await staffArrive();
      const first = await buildRoom(app.url, tenant);
      await say(app.url, tenant.admin, first.room.id, 'Can I help?');
      await say(app.url, first.guest, first.room.id, 'Yes');
      await pause(500);
      expect(await told(first.room.id, 2)).toEqual(['admin: Can I help?', 'guest: Yes']);
    });
  });

  it('N53 asks a silent customer once whether it is still there, not when somebody speaks, and then closes', async () => {
    await setUp(app.url, tenant, { autoReplies: { idleMinutes: 10, idleCloseMinutes: 5 } });
    const sweep = (): Promise<void> => app.app.get(IdleQuestionService).sweep();
    const { roomId, guest } = await ask('Hi');
    const waiting = await ask('Hi');
    await say(app.url, tenant.admin, roomId, 'Where do you live?');
    for (const id of [roomId, waiting.roomId]) await age(id, 11);
    // Of which the customer knows nothing.
    await say(app.url, tenant.admin, roomId, 'Odd one', 'internal');
    await Promise.all([sweep(), sweep()]);
    expect(await told(roomId, 3)).toEqual(['guest: Hi', 'admin: Where do you live?', 'bot: Are you still there?']);
    expect(await told(waiting.roomId, 1)).toEqual(['guest: Hi']);
    await age(roomId, 11);
    await sweep();
    expect(await entries(roomId)).toHaveLength(3);
    await say(app.url, guest, roomId, 'Yes');
    await say(app.url, tenant.admin, roomId, 'Good');
    await setUp(app.url, tenant, { autoReplies: { idle: 'Still here, {{customer.name}}?' } });
    await age(roomId, 11);
    const [, answer] = await Promise.all([sweep(), say(app.url, guest, roomId, 'In Rome')]);
    expect(answer.body).toBe('In Rome');
    const lines = (await told(roomId, 6)).slice(5);
    expect([['guest: In Rome'], ['bot: Still here, Gwen?', 'guest: In Rome']]).toContainEqual(lines);
    await say(app.url, tenant.admin, roomId, 'Bye');
    await age(roomId, 6);
    await app.app.get(IdleCloseService).sweep();
    expect((await room(roomId)).status).toBe('closed');
  });

  it('looks up who spoke last in silent rooms alone, of businesses that ask for it', async () => {
    const asking = jest.spyOn(poolOf(app.app.get(DataSource)), 'query');
    await app.app.get(AutomationLedger).silent();
    const { text } = asking.mock.calls
      .map(([asked]) => asked as unknown as { name: string; text: string })
      .find(({ name }) => name.includes('silent'))!;
    asking.mockRestore();
    const looked = async (): Promise<number> => {
      const [row] = await app.sql<{ 'QUERY PLAN': { Plan: Plan }[] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`);
      const nodes = row?.['QUERY PLAN'].flatMap(({ Plan: plan }) => nodesOf(plan)) ?? [];
      return nodes.filter((node) => node['Relation Name'] === 'message').reduce((sum, node) => sum + node['Actual Loops'], 0);
    };
    const before = await looked();
    const { roomId } = await ask('Hi');
    await say(app.url, tenant.admin, roomId, 'Where do you live?');
    await age(roomId, 11);
    expect(await looked()).toBe(before);
    // How long it has been silent, by key.
    await setUp(app.url, tenant, { autoReplies: { idleMinutes: 20 } });
    expect(await looked()).toBe(before + 1);
    await setUp(app.url, tenant, { autoReplies: { idleMinutes: 10 } });
    expect(await looked()).toBe(before + 2);
  });

  it('reminds staff of who waits, once, in a note that mentions the one who has the room, and not at night', async () => {
    await setUp(app.url, tenant, { autoReplies: { remindMinutes: 15 }, hours: CLOSED });
    const sweep = (): Promise<void> => app.app.get(ReminderService).sweep();
    const agent = await buildAgent(app.url, tenant);
    const { roomId, guest } = await ask('Hi');
    const free = await ask('Hi');
    await call('POST', `/api/rooms/${roomId}/claim`, {}, agent);
    for (const id of [roomId, free.roomId]) await age(id, 16);
    await sweep();
    expect(await notes(roomId)).toEqual([]);
    await setUp(app.url, tenant, { hours: null });
    const socket = await connect(app.url, agent.token);
    const second = await startApp({}, app.databaseUrl);
    await Promise.all([sweep(), second.app.get(ReminderService).sweep()]);
    await second.close();
    await sweep();
    const body = 'The customer has been waiting for an answer for 16 minutes.';
    expect(await notes(roomId)).toMatchObject([{ body, mentions: [agent.id], sender: { role: 'bot' }, ai: false }]);
    expect(await notes(free.roomId)).toMatchObject([{ body, mentions: [] }]);
    expect(await socket.waitFor('mention.created', ({ message }: any) => message.body === body)).toBeDefined();
    // The customer hears nothing of it, and waits on.
    expect((await entriesOf(app.url, guest, roomId)).filter(({ kind }) => kind === 'text')).toHaveLength(1);
    await say(app.url, agent, roomId, 'Here');
    await say(app.url, guest, roomId, 'Good. And?');
    await age(roomId, 16);
    await sweep();
    expect(await notes(roomId)).toHaveLength(2);
  });

  describe('rules', () => {
    it('K8 do what they say when all of it holds, once, in order, and say what they did', async () => {
      const team = await buildTeam(app.url, tenant);
      const agent = await buildAgent(app.url, tenant);
      await buildLabel(app.url, tenant, 'Refund');
      const id = await buildRule(app.url, tenant, {
        conditions: [
          { field: 'message.body', operator: 'contains', values: ['refund', 'money back'] },
          { field: 'message.sender', operator: 'is', values: ['guest'] },
          { field: 'room.label', operator: 'is_unset', values: [] },
        ],
        actions: [
          { type: 'label', value: 'refund' },
          { type: 'priority', value: 'urgent' },
          { type: 'team', value: team },
          { type: 'assign', value: agent.id },
          { type: 'reply', value: 'One moment, {{customer.name}} of {{customer.email|nowhere}}.' },
          { type: 'note', value: 'About {{room.subject|nothing}}' },
        ],
      });
      await buildRule(app.url, tenant, {
        name: 'Sees the label',
        conditions: [{ field: 'room.label', operator: 'is', values: ['REFUND'] }],
        actions: [{ type: 'note', value: 'Second' }],
      });
      const other = await ask('Where is my parcel?');
      const { roomId, guest } = await ask('I want my MONEY BACK');
      const [second, first] = await firings(2);
      expect(first).toMatchObject({ ruleId: id, ruleName: 'Refunds', roomId, event: 'message.created', stopped: false });
      expect(first.actions.map(({ type, error }: any) => [type, error])).toEqual(
        ['label', 'priority', 'team', 'assign', 'reply', 'note'].map((type) => [type, null]),
      );
      expect(second).toMatchObject({ ruleName: 'Sees the label', entryId: first.entryId });
      expect(await room(roomId)).toMatchObject({
        priority: 'urgent',
        labels: ['Refund'],
        teamId: team,
        assignee: { id: agent.id },
        status: 'open',
      });
      expect(story(await entries(roomId))).toEqual(['guest: I want my MONEY BACK', 'assigned', 'bot: One moment, Gwen of nowhere.']);
      expect((await notes(roomId)).map(({ body }) => body)).toEqual(['About nothing', 'Second']);
      // Told to the customer as somebody, and not as staff.
      expect((await entriesOf(app.url, guest, roomId)).at(-1)?.sender).toMatchObject({ role: 'bot', name: 'Assistant' });
      expect(await room(other.roomId)).toMatchObject({ priority: 'normal', labels: [] });
      await say(app.url, guest, roomId, 'money back!');
      expect(await firings(3, `?roomId=${roomId}`)).toHaveLength(3);
      expect((await room(roomId)).labels).toEqual(['Refund']);
      const { body: page } = await call('GET', `/api/rules/firings?limit=2&ruleId=${id}`);
      expect([page.items.length, page.nextCursor]).toEqual([1, null]);
      const { body: paged } = await call('GET', '/api/rules/firings?limit=2');
      const { body: rest2 } = await call('GET', `/api/rules/firings?limit=2&cursor=${paged.nextCursor}`);
      expect([paged.items.length, rest2.items.length]).toEqual([2, 1]);
    });

    it('N14 see an offline form as a room whose context says so', async () => {
      await buildLabel(app.url, tenant, 'offline');
      await buildRule(app.url, tenant, {
        event: 'room.created',
        conditions: [{ field: 'context.offline', operator: 'is', values: ['true'] }],
        actions: [{ type: 'label', value: 'offline' }],
      });
      const guest = await buildGuest(app.url, tenant);
      const { body: made } = await call('POST', '/api/rooms', { context: { offline: true, url: 'https://shop.example/' } }, guest);
      const online = await buildRoom(app.url, tenant);
      const [firing] = await firings(1);
      expect(firing).toMatchObject({ roomId: made.id, event: 'room.created', entryId: null });
      await say(app.url, guest, made.id, 'Call me back');
      await pause(500);
      expect([(await room(made.id)).labels, (await room(online.room.id)).labels]).toEqual([['offline'], []]);
      expect(await firings(1)).toHaveLength(1);
    });

    it('follow what is done to rooms, also when it is over', async () => {
      await buildRule(app.url, tenant, {
        event: 'room.updated',
        conditions: [{ field: 'activity.type', operator: 'is', values: ['closed', 'ended'] }],
        actions: [{ type: 'reply', value: 'Thank you, {{customer.name}}. How did we do?' }],
      });
      const { roomId } = await ask('Hi');
      await call('DELETE', `/api/rooms/${roomId}`);
      expect(await told(roomId, 3)).toEqual(['guest: Hi', 'closed', 'bot: Thank you, Gwen. How did we do?']);
      expect((await room(roomId)).status).toBe('closed');
    });

    it('leave alone what happened before they were made or switched on, and what they are switched off for', async () => {
      const { roomId, guest } = await ask('refund');
      const id = await buildRule(app.url, tenant, { actions: [{ type: 'note', value: 'One' }] });
      await say(app.url, guest, roomId, 'Two');
      await firings(1);
      await call('PATCH', `/api/rules/${id}`, { enabled: false });
      await say(app.url, guest, roomId, 'Three');
      await pause(300);
      await call('PATCH', `/api/rules/${id}`, { enabled: true, actions: [{ type: 'note', value: 'Two' }] });
      await say(app.url, guest, roomId, 'Four');
      await firings(2);
      await pause(300);
      expect((await notes(roomId)).map(({ body }) => body)).toEqual(['One', 'Two']);
      expect((await call('DELETE', `/api/rules/${id}`)).status).toBe(204);
      await say(app.url, guest, roomId, 'Five');
      await pause(300);
      expect(await notes(roomId)).toHaveLength(2);
      expect(await firings(2)).toHaveLength(2);
    });

    it('A78 end in no loop: what rules do is no event for rules, and of events by others 20 a minute is the most', async () => {
      await buildRule(app.url, tenant, { event: 'room.updated', actions: [{ type: 'priority', value: 'low' }] });
      await buildRule(app.url, tenant, { event: 'room.updated', actions: [{ type: 'priority', value: 'high' }] });
      await buildRule(app.url, tenant, { actions: [{ type: 'reply', value: 'Hello' }] });
      const { roomId, guest } = await ask('Hi');
      await call('PATCH', `/api/rooms/${roomId}`, { priority: 'urgent' });
      await firings(3);
      await pause(700);
      expect(await firings(3)).toHaveLength(3);
      expect(story(await entries(roomId))).toEqual(['guest: Hi', 'bot: Hello']);
      for (let index = 0; index < 20; index++) await say(app.url, guest, roomId, `More ${index}`);
      const all = await firings(23, `?roomId=${roomId}&limit=200`);
      expect(all.filter(({ stopped }) => !stopped)).toHaveLength(20);
      expect(all.filter(({ stopped }) => stopped)).toHaveLength(3);
      expect(all[0]).toMatchObject({ stopped: true, actions: [] });
    });

    it('X1 are followed once by two servers, whichever died with a room in hand', async () => {
      await buildRule(app.url, tenant, {
        actions: [
          { type: 'reply', value: 'Hello' },
          { type: 'note', value: 'Note' },
        ],
      });
      const second = await startApp({}, app.databaseUrl);
      try {
        const { roomId, guest } = await ask('Hi');
        await firings(1, `?roomId=${roomId}`);
        await until(
          () => app.sql('SELECT 1 FROM automation_room WHERE room_id = $1 AND leased_until IS NULL AND internal_seq > 0', [roomId]),
          (rows) => rows.length === 1,
        );
        // A server that is gone has it still, and died before it had noted what it did.
        await app.sql(`UPDATE automation_room SET leased_until = now() + interval '1 second' WHERE room_id = $1`, [roomId]);
        await say(app.url, guest, roomId, 'Still?');
        await app.sql('UPDATE automation_room SET public_seq = 0, internal_seq = 0 WHERE room_id = $1', [roomId]);
        await app.sql('DELETE FROM rule_firing WHERE room_id = $1', [roomId]);
        await pause(1_100);
        await Promise.all([app, second].map((one) => one.app.get(AutomationService).sweep()));
        expect(await firings(2)).toHaveLength(2);
        await pause(300);
        expect(story(await entries(roomId))).toEqual(['guest: Hi', 'bot: Hello', 'guest: Still?', 'bot: Hello']);
        expect(await notes(roomId)).toHaveLength(2);
      } finally {
        await second.close();
      }
    });

    it('X1 are left to the server that has the room now, whatever one that had it goes on to note', async () => {
      const { roomId } = await ask('Hi');
      const ledger = app.app.get(AutomationLedger);
      const take = (leaseMs: number): Promise<Standing> => ledger.begin(roomId, leaseMs, new Date()) as Promise<Standing>;
      const late = await take(1);
      await pause(20);
      const now = await take(60_000);
      expect(await ledger.move(now, 1, 0, 60_000)).toBe(true);
      expect(await ledger.move(late, 0, 0, 60_000)).toBe(false);
      await ledger.release(late);
      expect(await take(1)).toBeUndefined();
      expect(await ledger.move(now, 1, 0, 60_000)).toBe(true);
      await ledger.release(now);
      expect(await take(1)).toMatchObject({ publicSeq: 1 });
    });

    it('X1 are gone on with after a fault between two actions, whatever the first one changed', async () => {
      await buildLabel(app.url, tenant, 'seen');
      await buildRule(app.url, tenant, {
        conditions: [{ field: 'room.label', operator: 'is_unset', values: [] }],
        actions: [
          { type: 'label', value: 'seen' },
          { type: 'note', value: 'Unwritable' },
        ],
      });
      await app.sql(
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = '57P01'; END $$`,
      );
      await app.sql(`CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW WHEN (NEW.body = 'Unwritable') EXECUTE FUNCTION refuse()`);
      const { roomId } = await ask('Hi');
      await until(
        async () => (await call('GET', `/api/rooms/${roomId}`)).body.labels,
        (labels: unknown[]) => labels.length === 1,
      );
      await pause(300);
      expect((await logOf()).map(({ actions }) => actions)).toEqual([[]]);
      await app.sql('DROP TRIGGER refuse ON message');
      await app.sql('UPDATE automation_room SET leased_until = NULL WHERE room_id = $1', [roomId]);
      await app.app.get(AutomationService).sweep();
      const [firing] = await firings(1);
      expect(firing.actions.map(({ error }: any) => error)).toEqual([null, null]);
      expect((await notes(roomId)).map(({ body }) => body)).toEqual(['Unwritable']);
    });

    it('say what they could not do, and do the rest', async () => {
      const agent = await buildAgent(app.url, tenant);
      const label = await buildLabel(app.url, tenant, 'Gone');
      await buildRule(app.url, tenant, {
        actions: [
          { type: 'assign', value: agent.id },
          { type: 'label', value: 'Gone' },
          { type: 'note', value: 'Done' },
        ],
      });
      await call('DELETE', `/api/agents/${agent.id}`);
      await call('DELETE', `/api/labels/${label}`);
      const { roomId } = await ask('Hi');
      const [firing] = await firings(1);
      expect(firing.actions.map(({ error }: any) => error)).toEqual(['agent.unavailable', 'label.not_found', null]);
      expect((await notes(roomId)).map(({ body }) => body)).toEqual(['Done']);
    });

    it('can be tried out, and nothing is done', async () => {
      const { roomId } = await ask('Where is my <b>refund</b>?');
      const tried = {
        roomId,
        event: 'message.created',
        conditions: [
          { field: 'message.body', operator: 'contains', values: ['refund'] },
          { field: 'room.priority', operator: 'is', values: ['high', 'urgent'] },
        ],
        actions: [{ type: 'reply', value: 'Hello {{customer.name}}' }, ...RULE.actions],
      };
      const before = [await entries(roomId), await entries(roomId, 'internal'), await room(roomId)];
      const { status, body } = await call('POST', '/api/rules/trial', tried);
      expect([status, body]).toEqual([
        200,
        {
          entryId: (before[0] as Message[])[0]?.id,
          matches: false,
          conditions: [
            { ...tried.conditions[0], found: ['Where is my <b>refund</b>?'], holds: true },
            { ...tried.conditions[1], found: ['normal'], holds: false },
          ],
          actions: [{ type: 'reply', value: 'Hello Gwen' }, ...RULE.actions],
        },
      ]);
      expect((await call('POST', '/api/rules/trial', { ...tried, conditions: tried.conditions.slice(0, 1) })).body.matches).toBe(true);
      const never = await call('POST', '/api/rules/trial', { ...tried, event: 'room.updated', conditions: [] });
      expect(never.body).toMatchObject({ entryId: null, matches: false });
      expect((await call('POST', '/api/rules/trial', { ...tried, event: 'room.created', conditions: [] })).body.matches).toBe(true);
      await pause(300);
      expect([await entries(roomId), await entries(roomId, 'internal'), await room(roomId)]).toEqual(before);
      expect((await call('GET', '/api/rules/firings')).body.items).toEqual([]);
    });

    it('A22 A23 A26 are of one business, and made by its admins', async () => {
      const abroad = await buildBusiness(app.url);
      const id = await buildRule(app.url, tenant);
      const far = await buildRoom(app.url, abroad);
      const near = await buildRoom(app.url, tenant);
      const agent = await buildAgent(app.url, tenant);
      for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const)
        expect((await call(method, `/api/rules/${id}`, body, abroad.admin)).body.code).toBe('rule.not_found');
      expect((await call('GET', '/api/rules', undefined, abroad.admin)).body.items).toEqual([]);
      expect((await call('GET', `/api/rules/${id}`, undefined, agent)).body).toMatchObject({ id, ...RULE, enabled: true });
      for (const [method, path, body] of [
        ['POST', '', RULE],
        ['PATCH', `/${id}`, {}],
        ['DELETE', `/${id}`, undefined],
        ['GET', '/firings', undefined],
        ['POST', '/trial', { roomId: far.room.id, event: 'room.created', conditions: [], actions: RULE.actions }],
      ] as const)
        expect([path, (await call(method, `/api/rules${path}`, body, agent)).body.code]).toEqual([path, 'access.denied']);
      const trial = { roomId: far.room.id, event: 'room.created', conditions: [], actions: RULE.actions };
      expect((await call('POST', '/api/rules/trial', trial)).body.code).toBe('room.not_found');
      const [label, team] = [await buildLabel(app.url, abroad, 'Abroad'), await buildTeam(app.url, abroad)];
      expect(label).toBeDefined();
      for (const [type, value, code] of [
        ['label', 'Abroad', 'label.not_found'],
        ['team', team, 'team.not_found'],
        ['assign', abroad.admin.id, 'user.not_found'],
        ['assign', far.guest.id, 'user.not_found'],
        ['assign', newKey(), 'user.not_found'],
      ] as const) {
        const actions = [{ type, value }];
        for (const [method, path, body] of [
          ['POST', '', { ...RULE, actions }],
          ['PATCH', `/${id}`, { actions }],
          ['POST', '/trial', { ...trial, roomId: near.room.id, actions }],
        ] as const)
          expect([path, type, (await call(method, `/api/rules${path}`, body)).body.code]).toEqual([path, type, code]);
      }
    });

    it.each<[string, object, string]>([
      ['no action', { actions: [] }, 'actions'],
      ['11 actions', { actions: Array.from({ length: 11 }, () => RULE.actions[0]) }, 'actions'],
      [
        '21 conditions',
        { conditions: Array.from({ length: 21 }, () => ({ field: 'room.status', operator: 'is', values: ['open'] })) },
        'conditions',
      ],
      ['another event', { event: 'business.updated' }, 'event'],
      ['another action', { actions: [{ type: 'webhook', value: 'http://127.0.0.1' }] }, 'actions.0.type'],
      ['another field', { conditions: [{ field: 'customer.password', operator: 'is', values: ['a'] }] }, 'conditions.0.field'],
      ['a field of prototypes', { conditions: [{ field: 'context.a.b', operator: 'is', values: ['a'] }] }, 'conditions.0.field'],
      ['another operator', { conditions: [{ field: 'room.status', operator: 'matches', values: ['(a+)+$'] }] }, 'conditions.0.operator'],
      ['no values', { conditions: [{ field: 'room.status', operator: 'is', values: [] }] }, 'conditions.0.values'],
      ['values for none', { conditions: [{ field: 'room.status', operator: 'is_set', values: ['a'] }] }, 'conditions.0.values'],
      ['a value that is no text', { conditions: [{ field: 'room.status', operator: 'is', values: [{ $ne: 1 }] }] }, 'conditions.0.values'],
      ['a priority that there is not', { actions: [{ type: 'priority', value: 'asap' }] }, 'actions.0.value'],
      ['no text', { actions: [{ type: 'reply', value: null }] }, 'actions.0.value'],
      ['an agent by name', { actions: [{ type: 'assign', value: 'Alex' }] }, 'actions.0.value'],
      ['a field of its own', { webhook: 'http://127.0.0.1' }, 'webhook'],
    ])('A42 A43 A44 take %s not', async (_, change, path) => {
      const { status, body } = await call('POST', '/api/rules', { ...RULE, ...change });
      expect([status, body.code, body.errors[0].path.slice(0, path.length)]).toEqual([400, 'validation.failed', path]);
      expect((await call('GET', '/api/rules')).body.items).toEqual([]);
    });

    it.each(['{{constructor.constructor("return process")()}}', '{{__proto__}}', '{{customer.password}}', '{{agent.name}}', '{{7*7}}'])(
      'A41 refuse the template %s, in a rule and in a greeting',
      async (text) => {
        const made = await call('POST', '/api/rules', { ...RULE, actions: [{ type: 'reply', value: text }] });
        expect([made.status, made.body.errors[0].path]).toEqual([400, 'actions.0.value']);
        const greeting = await call('PATCH', '/api/business', { settings: { autoReplies: { welcome: text } } });
        expect([greeting.status, greeting.body.errors[0].path]).toEqual([400, 'settings.autoReplies.welcome']);
      },
    );

    it('A41 A79 put what customers write into texts as it is', async () => {
      const name = '{{business.name}} ${7*7} <img src=x onerror=alert(1)>';
      await buildRule(app.url, tenant, { actions: [{ type: 'reply', value: 'Hello {{customer.name}}, ${1} <%= 2 %>' }] });
      const { roomId } = await ask('Hi', await buildGuest(app.url, tenant, name));
      expect((await told(roomId, 2))[1]).toBe(`bot: Hello ${name}, \${1} <%= 2 %>`);
    });

    it('are 50 in a business at most', async () => {
      await app.sql(
        `INSERT INTO rule (id, business_id, name, is_enabled, event, conditions, actions)
          SELECT gen_random_uuid(), $1, 'a', false, 'room.created', '[]', '[]' FROM generate_series(1, 49)`,
        [tenant.id],
      );
      const answers = await Promise.all([1, 2].map(() => call('POST', '/api/rules', RULE)));
      expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 'rule.limit_reached']);
    });
  });
});
