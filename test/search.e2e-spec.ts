import { DataSource } from 'typeorm';
import { Chores } from '../src/database/chores.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildRoom,
  buildTeam,
  newKey,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from './support/factories.js';
import { settleSearch } from './support/settle-search.js';
import { rest, type Answer } from './support/rest.js';

describe('search', () => {
  let app: TestApp;
  let shop: Tenant;
  let agent: Person;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
    agent = await buildAgent(app.url, shop);
  });
  afterAll(() => app.close());

  const find = (who: Person, query: Record<string, string>, roomId?: string): Promise<Answer> =>
    rest(app.url, 'GET', `/api/${roomId ? `rooms/${roomId}/messages/` : ''}search?${new URLSearchParams(query).toString()}`, {
      token: who.token,
    });

  const bodies = (answer: Answer): string[] => answer.body.items.map((item: { message: { body: string } }) => item.message.body);

  const settle = (): Promise<void> => settleSearch(app);

  it('D5 N37 finds what was said, the newest first, with the hits marked', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const other = await buildRoom(app.url, shop);
    for (const text of ['My parcels are late', 'One parcel is here', 'Nothing to see', 'Where is the parcel of my sister?'])
      await say(app.url, guest, room.id, text);
    await say(app.url, other.guest, other.room.id, 'Another parcel');
    await say(app.url, agent, room.id, 'Check the parcel depot', 'internal');
    const answer = await until(
      () => find(agent, { q: 'depot' }),
      ({ body }) => body.items.length > 0,
    );
    expect(bodies(answer)).toEqual(['Check the parcel depot']);
    await settle();

    const own = await find(guest, { q: 'parcel' }, room.id);
    expect(bodies(own)).toEqual(['Where is the parcel of my sister?', 'One parcel is here', 'My parcels are late']);
    expect(own.body.items.map(({ highlight }: { highlight: string }) => highlight)).toEqual([
      'Where is the <mark>parcel</mark> of my sister?',
      'One <mark>parcel</mark> is here',
      'My <mark>parcels</mark> are late',
    ]);
    expect(bodies(await find(agent, { q: 'parcel' }, room.id))[0]).toBe('Check the parcel depot');
    const all = await find(agent, { q: 'parcel' });
    expect(bodies(all)).toHaveLength(5);
    expect(all.body.items.map(({ room: { id } }: { room: { id: string } }) => id)).toEqual([
      room.id,
      other.room.id,
      room.id,
      room.id,
      room.id,
    ]);
    expect(all.body.items[0].room).toMatchObject({ id: room.id, customer: { id: guest.id }, priority: 'normal' });

    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await find(agent, { q: 'parcel', limit: '2', ...(cursor && { cursor }) });
      found.push(...bodies({ body } as Answer));
      expect(body.items.length).toBeLessThanOrEqual(2);
      cursor = body.nextCursor;
    }
    expect(found).toEqual(bodies(all));
  });

  it('D5 takes words as people type them: endings, beginnings, phrases, exclusions', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    for (const text of ['Shipping costs money', 'The refund was refused', 'A refund for the blue kettle', 'kettle blue'])
      await say(app.url, guest, room.id, text);
    await settle();
    const ask = async (q: string): Promise<string[]> => bodies(await find(guest, { q }, room.id));
    expect(await ask('ship')).toEqual(['Shipping costs money']);
    expect(await ask('shippi')).toEqual(['Shipping costs money']);
    expect(await ask('ships cost')).toEqual(['Shipping costs money']);
    expect(await ask('refun')).toEqual(['A refund for the blue kettle', 'The refund was refused']);
    expect(await ask('"blue kettle"')).toEqual(['A refund for the blue kettle']);
    expect(await ask('refund -kettle')).toEqual(['The refund was refused']);
    expect(await ask('refused or kettle')).toEqual(['kettle blue', 'A refund for the blue kettle', 'The refund was refused']);
    expect(await ask('was')).toEqual(['The refund was refused']);
    expect(await ask('KETTLE')).toHaveLength(2);
    expect(await ask('zebra')).toEqual([]);
  });

  it('finds what was said a moment ago on the same server, in the room and in all of them', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    for (const word of ['dingo', 'possum', 'taipan']) {
      await say(app.url, guest, room.id, `A ${word}`);
      expect(bodies(await find(guest, { q: word }, room.id))).toEqual([`A ${word}`]);
      await say(app.url, agent, room.id, `Two ${word}s`);
      expect(bodies(await find(agent, { q: `${word} two` }))).toEqual([`Two ${word}s`]);
    }
  });

  it('D5 takes the number of an order from what stands before it, and marks words that the language leaves out', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    for (const text of ['Where is INV-2024-0815?', 'Größe A-4711 – passt', 'It is -5 outside', 'who am I'])
      await say(app.url, guest, room.id, text);
    await settle();
    const ask = async (q: string): Promise<string[]> =>
      (await find(guest, { q }, room.id)).body.items.map(({ highlight }: { highlight: string }) => highlight);
    expect(await ask('0815')).toEqual(['Where is INV-2024-<mark>0815</mark>?']);
    expect(await ask('INV-2024-0815')).toEqual(['Where is <mark>INV</mark>-<mark>2024</mark>-<mark>0815</mark>?']);
    expect(await ask('4711')).toEqual(['Größe A-<mark>4711</mark> – passt']);
    expect(await ask('outside -5')).toEqual(['It is -5 <mark>outside</mark>']);
    expect(await ask('who am')).toEqual(['<mark>who</mark> <mark>am</mark> I']);
  });

  it('D5 takes words as the language of the business does, and those from before it was changed as they were written', async () => {
    const tenant = await buildBusiness(app.url);
    const { room, guest } = await buildRoom(app.url, tenant);
    await say(app.url, guest, room.id, 'Alte Lieferungen');
    await settle();
    await rest(app.url, 'PATCH', '/api/business', { token: tenant.admin.token, body: { locale: 'de-AT' } });
    await say(app.url, guest, room.id, 'Meine Häuser und Lieferungen');
    await settle();
    expect(bodies(await find(guest, { q: 'Haus -x' }, room.id))).toEqual(['Meine Häuser und Lieferungen']);
    expect(bodies(await find(guest, { q: '"Lieferungen"' }, room.id))).toContain('Meine Häuser und Lieferungen');
    expect(bodies(await find(guest, { q: 'lieferungen' }, room.id))).toEqual(['Meine Häuser und Lieferungen', 'Alte Lieferungen']);
  });

  it('finds an edited message by what it says now and a deleted one never', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const { id } = await say(app.url, guest, room.id, 'An armadillo');
    await settle();
    expect(bodies(await find(agent, { q: 'armadillo' }))).toEqual(['An armadillo']);
    const path = `/api/rooms/${room.id}/messages/${id}`;
    await rest(app.url, 'PATCH', path, { token: guest.token, body: { body: 'A wombat' } });
    // At once gone under the old words, in a second there under the new ones.
    expect(bodies(await find(agent, { q: 'armadillo' }))).toEqual([]);
    await settle();
    expect(bodies(await find(agent, { q: 'wombat' }))).toEqual(['A wombat']);
    await rest(app.url, 'DELETE', path, { token: guest.token });
    expect(bodies(await find(agent, { q: 'wombat' }))).toEqual([]);
    expect(await app.sql('SELECT 1 FROM search_message WHERE message_id = $1', [id])).toEqual([]);
    await settle();
    expect(await app.sql('SELECT 1 FROM search_message WHERE message_id = $1', [id])).toEqual([]);
  });

  it('holds nothing of who was erased', async () => {
    const customer = await buildCustomer(app.url, shop);
    const { room } = await buildRoom(app.url, shop, customer);
    await say(app.url, customer, room.id, 'A pangolin of mine');
    await settle();
    await rest(app.url, 'DELETE', '/api/auth/me', { token: customer.token });
    expect(bodies(await find(agent, { q: 'pangolin' }))).toEqual([]);
    const left = `SELECT 1 FROM search_message WHERE words::text LIKE '%pangolin%'`;
    expect(await app.sql(left)).toEqual([]);
    await settle();
    expect(await app.sql(left)).toEqual([]);
    expect((await find(agent, { q: customer.email as string, in: 'customers' })).body.items).toEqual([]);
  });

  it('A26 A38 shows nobody more than the person reaches', async () => {
    const tenant = await buildBusiness(app.url);
    const [own, mate] = [await buildAgent(app.url, tenant), await buildAgent(app.url, tenant)];
    const teamId = await buildTeam(app.url, tenant, [own]);
    const [mine, ofTeam, others] = [await buildRoom(app.url, tenant), await buildRoom(app.url, tenant), await buildRoom(app.url, tenant)];
    const assign = (id: string, body: object): Promise<Answer> =>
      rest(app.url, 'POST', `/api/rooms/${id}/assign`, { token: tenant.admin.token, body });
    await assign(mine.room.id, { agentId: own.id });
    await assign(ofTeam.room.id, { agentId: null, teamId });
    await assign(others.room.id, { agentId: mate.id });
    await say(app.url, mine.guest, mine.room.id, 'quokka mine');
    await say(app.url, ofTeam.guest, ofTeam.room.id, 'quokka team');
    await say(app.url, others.guest, others.room.id, 'quokka other');
    await say(app.url, own, mine.room.id, 'quokka note', 'internal');
    await settle();
    const seen: Record<string, string[]> = {};
    for (const scope of ['own', 'team', 'all']) {
      await setUp(app.url, tenant, { agentScope: scope });
      seen[scope] = bodies(await find(own, { q: 'quokka' })).sort();
      const rooms = (await find(own, { q: 'Gwen', in: 'rooms' })).body.items;
      const customers = (await find(own, { q: 'Gwen', in: 'customers' })).body.items;
      expect([rooms.length, customers.length]).toEqual(scope === 'own' ? [1, 1] : scope === 'team' ? [2, 2] : [3, 3]);
    }
    expect(seen).toEqual({
      own: ['quokka mine', 'quokka note'],
      team: ['quokka mine', 'quokka note', 'quokka team'],
      all: ['quokka mine', 'quokka note', 'quokka other', 'quokka team'],
    });
    expect(bodies(await find(mine.guest, { q: 'quokka' }, mine.room.id))).toEqual(['quokka mine']);
    expect((await find(mine.guest, { q: 'quokka' }, others.room.id)).body.code).toBe('room.not_found');
    expect((await find(agent, { q: 'quokka' }, mine.room.id)).body.code).toBe('room.not_found');
    expect((await find(agent, { q: 'quokka' }, newKey())).body.code).toBe('room.not_found');
    expect(bodies(await find(agent, { q: 'quokka' }))).toEqual([]);
    expect((await find(mine.guest, { q: 'quokka' })).body.code).toBe('access.denied');
  });

  it('A39 A46 marks hits in text that stays text', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    const nasty = [
      '<script>alert(1)</script> gnu <img src=x onerror="a()">',
      'a </mark><mark>gnu</mark> & "b" \'c\'',
      '\u0001 gnu \u001b[31m \ue000\ue001\ue002 end',
      'gnu &lt;b&gt; <gnu> a<b && c>d',
      '“gnu” – ‘quoted’…',
      'gnu \u202e\u200b👩‍👩‍👧 e\u0301'.padEnd(3000, ' x'),
    ];
    for (const text of nasty) await say(app.url, guest, room.id, text);
    await settle();
    const { body } = await find(guest, { q: 'gnu' }, room.id);
    expect(body.items).toHaveLength(nasty.length);
    for (const { message, highlight } of body.items as { message: { body: string }; highlight: string }[]) {
      expect(highlight).toContain('<mark>gnu</mark>');
      const bare = highlight.replace(/<\/?mark>/g, '');
      expect(bare).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      const text = bare
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, '&');
      if (message.body.length < 200) expect(text).toBe(message.body);
      else expect(text.length).toBeLessThan(500);
    }
    expect(bodies(await find(guest, { q: 'script' }, room.id))).toEqual([nasty[0]]);
    expect(bodies(await find(guest, { q: 'mark' }, room.id))).toEqual([nasty[1]]);
  });

  it('A42 A43 A45 A48 A50 garbage is refused or found literally, and never a fault', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    await say(app.url, guest, room.id, "Robert'); DROP TABLE message;--");
    await settle();
    const questions = [
      ...[
        'a & | !',
        ':*',
        'x:*',
        '"',
        '"" ""',
        "'",
        '\\',
        "\\'",
        '(((',
        '!!!',
        '-',
        '-a',
        '-"a b"',
        ...['-', '- ', '-(', '"-', '-a ', 'a or ', '-"a" '].map((piece) => piece.repeat(200 / piece.length).trim()),
        `${'-'.repeat(80)}alpha`,
        '<->',
        'a <-> b',
        'a<2>b',
        '%',
        '_',
        '*',
      ],
      ...["' OR 1=1 --", "'; DROP TABLE message; --", '$1', '{}', '[]', 'the', 'or', 'or or or', 'a or', '…', '٣', '你好', '👍', '\u202e'],
      ...[
        'a '.repeat(100),
        '('.repeat(200),
        '"a '.repeat(66),
        '-a '.repeat(66),
        'a'.repeat(200),
        'é'.repeat(200),
        'a.b/c?d=e&f@g.h',
        'a:b:c',
      ],
    ];
    const ask = async (q: string): Promise<unknown> => {
      const answers = [
        ...['messages', 'rooms', 'customers'].map((place) => find(agent, { q, in: place })),
        find(guest, { q }, room.id),
        ...['rooms', 'customers'].map((path) =>
          rest(app.url, 'GET', `/api/${path}?${new URLSearchParams({ q }).toString()}`, { token: agent.token }),
        ),
      ];
      return [q, (await Promise.all(answers)).map(({ status }) => status)];
    };
    for (const q of questions) expect(await ask(q)).toEqual([q, [200, 200, 200, 200, 200, 200]]);
    expect(bodies(await find(guest, { q: 'drop table' }, room.id))).toHaveLength(1);
    const page = await find(agent, { q: 'drop', limit: '1' });
    expect(page.status).toBe(200);
    const bad: [string, string][] = [
      ...['q=', 'q=%20%20', 'q=%00', `q=${'a'.repeat(201)}`, 'q=a&q=b', 'q[]=a', 'q[$ne]=a', ''].map((q): [string, string] => ['', q]),
      ...[
        'limit=0',
        'limit=201',
        'limit=x',
        'cursor=',
        'cursor=x',
        'cursor=W10',
        `cursor=${Buffer.from('["1"]').toString('base64url')}`,
      ].map((more): [string, string] => ['', `q=a&${more}`]),
      ...[
        ['1', 'x'],
        ['-1', newKey()],
        ['99999999999', newKey()],
        ["1' OR 1=1", newKey()],
      ].map((values): [string, string] => ['', `q=a&cursor=${Buffer.from(JSON.stringify(values)).toString('base64url')}`]),
      ['', 'q=a&in=secrets'],
      ['', 'q=a&unknown=1'],
    ];
    for (const [, query] of bad) {
      const { status, body } = await rest(app.url, 'GET', `/api/search?${query}`, { token: agent.token });
      expect([query, status, body.code]).toEqual([query, 400, 'validation.failed']);
    }
    const started = Date.now();
    for (const q of [`${'a'.repeat(190)}!`, `${'a '.repeat(95)}!`, '"'.repeat(199)]) await find(agent, { q });
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await app.sql('SELECT 1 FROM message LIMIT 1')).toHaveLength(1);
  });

  it('N37 finds rooms and customers, also a little misspelt, and the lists take the same question', async () => {
    const tenant = await buildBusiness(app.url);
    const guest = await buildGuest(app.url, tenant, 'Gwendolyn Fairweather');
    const { room } = await buildRoom(app.url, tenant, guest);
    const second = await buildRoom(app.url, tenant, await buildGuest(app.url, tenant, 'Bo'));
    const { token } = tenant.admin;
    await rest(app.url, 'PATCH', `/api/rooms/${second.room.id}`, { token, body: { subject: 'Broken <b>washing</b> machine' } });
    const facts = { email: 'gwen.fairweather@mail.example', externalId: 'crm-4711%' };
    expect((await rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token, body: facts })).status).toBe(200);

    const customersBy = async (q: string): Promise<string[]> =>
      (await find(tenant.admin, { q, in: 'customers' })).body.items.map(({ customer }: { customer: { id: string } }) => customer.id);
    for (const q of [
      'gwendolin',
      'Gwendolyn',
      'fairwether',
      'dolyn',
      'gw',
      'gwen.fairweather@mail',
      'gwen.fairwaether@mail.example',
      '4711%',
      'crm-',
    ])
      expect([q, await customersBy(q)]).toEqual([q, [guest.id]]);
    expect(await customersBy('wz')).toEqual([]);
    expect(await customersBy('%')).toEqual([guest.id]);
    expect(await customersBy('_')).toEqual([]);

    const roomsBy = async (q: string): Promise<string[]> =>
      (await find(tenant.admin, { q, in: 'rooms' })).body.items.map(({ room: { id } }: { room: { id: string } }) => id);
    for (const q of ['gwendolin', 'crm-4711', 'fairweather']) expect([q, await roomsBy(q)]).toEqual([q, [room.id]]);
    for (const q of ['washing', 'washng', 'BROKEN', 'Bo']) expect([q, await roomsBy(q)]).toEqual([q, [second.room.id]]);

    const listed = async (path: string, q: string): Promise<string[]> =>
      (await rest(app.url, 'GET', `/api/${path}?${new URLSearchParams({ q }).toString()}`, { token })).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await listed('rooms', 'gwendolin')).toEqual([room.id]);
    expect(await listed('rooms', 'washng&status=open')).toEqual([]);
    expect(await listed('customers', 'fairwether')).toEqual([guest.id]);

    const marked = async (q: string, place: string): Promise<string> =>
      (await find(tenant.admin, { q, in: place })).body.items[0].highlight;
    expect(await marked('washing', 'rooms')).toBe('Broken &lt;b&gt;<mark>washing</mark>&lt;/b&gt; machine');
    expect(await marked('washng', 'rooms')).toBe('Broken &lt;b&gt;<mark>washing</mark>&lt;/b&gt; machine');
    expect(await marked('gwendolin', 'customers')).toBe('<mark>Gwendolyn</mark> Fairweather');
    expect(await marked('4711', 'customers')).toBe('crm-<mark>4711</mark>%');
  });

  it('N37 finds what is written so, and what is much like it only where there is no such thing', async () => {
    const tenant = await buildBusiness(app.url);
    const { token } = tenant.admin;
    const ids: Record<string, string> = {};
    for (const [name, subject] of [
      ['anna', 'Order 4711'],
      ['bob', 'Order 4712'],
      ['carlos.santana', 'Order 9921'],
    ] as const) {
      const { room, guest } = await buildRoom(app.url, tenant);
      await rest(app.url, 'PATCH', `/api/customers/${guest.id}`, { token, body: { name, email: `${name}@gmail.example` } });
      await rest(app.url, 'PATCH', `/api/rooms/${room.id}`, { token, body: { subject } });
      ids[name] = room.id;
    }
    const rooms = async (q: string): Promise<string[]> =>
      (await rest(app.url, 'GET', `/api/rooms?q=${encodeURIComponent(q)}`, { token })).body.items.map(({ id }: { id: string }) => id);
    const customers = async (q: string): Promise<string[]> =>
      (await find(tenant.admin, { q, in: 'customers' })).body.items.map(({ customer }: { customer: { name: string } }) => customer.name);
    for (const q of ['anna@gmail.example', '4711', 'order 4711']) expect([q, await rooms(q)]).toEqual([q, [ids.anna]]);
    expect(await customers('anna@gmail.example')).toEqual(['anna']);
    expect(await customers('carlos.santanna@gmail.example')).toContain('carlos.santana');
    expect(await rooms('carlos santanna')).toContain(ids['carlos.santana']);
  });

  it('P1 finds what a killed server has not indexed, once', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    for (let i = 0; i < 12; i++) await say(app.url, guest, room.id, `axolotl ${i}`);
    await settle();
    // As if the server had died before any of it.
    await app.sql('DELETE FROM search_message WHERE message_id IN (SELECT id FROM message WHERE room_id = $1)', [room.id]);
    await app.sql('DELETE FROM search_position WHERE room_id = $1', [room.id]);
    await Promise.all([1, 2, 3].map(() => app.app.get(Chores).run('search.catch_up')));
    await settle();
    expect(bodies(await find(guest, { q: 'axolotl' }, room.id))).toHaveLength(12);
    // Indexed again it is there once.
    await app.sql('UPDATE search_position SET public_seq = 0 WHERE room_id = $1', [room.id]);
    await app.app.get(Chores).run('search.catch_up');
    await settle();
    expect(bodies(await find(guest, { q: 'axolotl' }, room.id))).toHaveLength(12);
  });

  it('what two servers index at once is in it once', async () => {
    const second = await startApp({}, app.databaseUrl);
    const { room, guest } = await buildRoom(app.url, shop);
    await Promise.all(Array.from({ length: 40 }, (_, i) => say([app.url, second.url][i % 2] as string, guest, room.id, `numbat ${i}`)));
    await settle();
    expect(new Set(bodies(await find(guest, { q: 'numbat' }, room.id))).size).toBe(40);
    await second.close();
  });

  it('leaves what another server has in hand for longer than a lock is waited for, and takes it later', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    await say(app.url, guest, room.id, 'quokka');
    await settle();
    await app.sql('DELETE FROM search_message WHERE message_id IN (SELECT id FROM message WHERE room_id = $1)', [room.id]);
    await app.app.get(DataSource).transaction(async (other) => {
      await other.query('SELECT FROM search_bucket WHERE business_id = $1 FOR UPDATE', [shop.id]);
      await app.sql('UPDATE search_position SET public_seq = 0 WHERE room_id = $1', [room.id]);
      await app.app.get(Chores).run('search.catch_up');
      expect(bodies(await find(guest, { q: 'quokka' }, room.id))).toEqual([]);
    });
    await app.app.get(Chores).run('search.catch_up');
    await settle();
    expect(bodies(await find(guest, { q: 'quokka' }, room.id))).toEqual(['quokka']);
  });

  it('takes fewer at once when the database has no time for many', async () => {
    const { room, guest } = await buildRoom(app.url, shop);
    await say(app.url, guest, room.id, 'first');
    await app.sql(
      `INSERT INTO message (room_id, stream, seq, id, kind, sender_id, client_message_id, body, created_at)
        SELECT $1, 'public', s, gen_random_uuid(), 'text', $2, gen_random_uuid(), 'pangolin', now() FROM generate_series(100, 699) s`,
      [room.id, guest.id],
    );
    await app.sql('UPDATE stream_counter SET public_seq = 699 WHERE room_id = $1', [room.id]);
    await app.sql(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN IF (SELECT count(*) > 550 FROM fresh) THEN PERFORM pg_sleep(30); END IF; RETURN NULL; END'`);
    await app.sql(`CREATE TRIGGER dawdle AFTER INSERT ON search_message REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`);
    await app.app.get(Chores).run('search.catch_up');
    // The server's own run may have the room in hand.
    await until(
      () => app.sql('SELECT FROM search_message s JOIN message m ON m.id = s.message_id WHERE m.room_id = $1 AND m.seq >= 100', [room.id]),
      (found) => found.length === 600,
      30_000,
    );
    await app.sql('DROP FUNCTION dawdle CASCADE');
  });

  it('looks into every bucket, the newest first, and says where it stopped', async () => {
    const tenant = await buildBusiness(app.url);
    const { room, guest } = await buildRoom(app.url, tenant);
    for (let i = 0; i < 9; i++) {
      await say(app.url, guest, room.id, `${i % 3 === 0 ? 'rare ' : ''}common ${i}`);
      await settle();
      // A bucket of three messages is full.
      if (i % 3 === 2) await app.sql('UPDATE search_bucket SET messages = 4096 WHERE business_id = $1', [tenant.id]);
    }
    expect(await app.sql('SELECT 1 FROM search_bucket WHERE business_id = $1', [tenant.id])).toHaveLength(3);
    expect(bodies(await find(tenant.admin, { q: 'common' }))).toEqual(
      [8, 7, 6, 5, 4, 3, 2, 1, 0].map((i) => `${i % 3 === 0 ? 'rare ' : ''}common ${i}`),
    );
    expect(bodies(await find(tenant.admin, { q: 'rare common' }))).toEqual(['rare common 6', 'rare common 3', 'rare common 0']);
    const ask = `SELECT f.* FROM search_messages($1, 'english', search_query('english', '', 'common'), NULL, $2, $3, 5, 4) f`;
    const own = await buildAgent(app.url, tenant);
    await setUp(app.url, tenant, { agentScope: 'own' });
    const stop = await app.sql<{ bucket: number; id: string; is_hit: boolean }>(ask, [own.id, null, null]);
    expect(stop).toMatchObject([{ is_hit: false }]);
    const next = await app.sql<{ bucket: number; id: string }>(ask, [own.id, stop[0]?.bucket, stop[0]?.id]);
    expect(next).toMatchObject([{ is_hit: false }]);
    expect(next[0]?.id).not.toBe(stop[0]?.id);
    expect(await app.sql(ask, [own.id, next[0]?.bucket, next[0]?.id])).toEqual([]);
  });
});

describe('A87 search', () => {
  it('is limited to what a person needs', async () => {
    const app = await startApp({ RATE_LIMIT_FACTOR: '1' });
    const shop = await buildBusiness(app.url);
    const ask = (): Promise<Answer> => rest(app.url, 'GET', '/api/search?q=a', { token: shop.admin.token });
    const codes = (await Promise.all(Array.from({ length: 31 }, ask))).map(({ status }) => status);
    expect(codes.filter((code) => code === 200)).toHaveLength(30);
    expect(codes).toContain(429);
    await app.close();
  });
});
