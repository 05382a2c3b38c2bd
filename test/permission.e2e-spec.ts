import { COMMANDS, ruleOf, type Command } from '../src/access/permissions.js';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/config/env.js';
import type { AgentScope } from '../src/contract/business.js';
import { doorsOf, type Route, type SocketCall } from '../src/reference/doors.js';
import { AGENT_ID, GUEST_ID, LABEL_ID, MESSAGE_ID, ROOM_ID, SESSION_ID, TEAM_ID, VIEW_ID } from '../src/reference/examples.js';
import { OPERATIONS } from '../src/reference/operations.js';
import { startApp, type TestApp } from './support/app.js';
import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildCannedReply,
  buildCustomer,
  buildGuest,
  buildLabel,
  buildRoom,
  buildRule,
  buildTeam,
  buildView,
  newKey,
  PASSWORD,
  readToken,
  say,
  setUp,
  type Person,
  type Tenant,
} from './support/factories.js';
import { note, picture, tryUpload, upload } from './support/files.js';
import { rest } from './support/rest.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

const commands = Object.keys(COMMANDS) as Command[];

/** Who calls; an agent once for each scope that its business may set. */
const CALLERS = ['guest', 'customer', 'agent own', 'agent team', 'agent all', 'admin'] as const;
type Caller = (typeof CALLERS)[number];
type Role = 'guest' | 'customer' | 'agent' | 'admin';
const roleOf = (caller: Caller): Role => caller.split(' ')[0] as Role;

/** Rooms and people, by where they are as the caller sees it. */
const PLACES = ['own', 'team', 'other', 'foreign'] as const;
type Place = (typeof PLACES)[number];

/** The specification that the table is checked against: what each caller reaches of its own business. */
const REACHED: Record<Caller, Place[]> = {
  guest: ['own'],
  customer: ['own'],
  'agent own': ['own'],
  'agent team': ['own', 'team'],
  'agent all': ['own', 'team', 'other'],
  admin: ['own', 'team', 'other'],
};

interface Spot {
  roomId: string;
  customer: Person;
  /** A message of each caller, where it could write one. */
  messageOf: Partial<Record<Caller, string>>;
  /** A picture that a message has shown there. */
  uploadId: string;
}

interface World {
  shop: Tenant;
  people: Record<Role, Person>;
  colleague: Person;
  teamId: string;
  labelId: string;
  viewId: string;
  cannedReplyId: string;
  articleId: string;
  ruleId: string;
  spots: Record<Role, Record<Place, Spot>>;
  foreign: {
    tenant: Tenant;
    agent: Person;
    teamId: string;
    labelId: string;
    viewId: string;
    cannedReplyId: string;
    articleId: string;
    ruleId: string;
  };
}

interface Asked {
  code: string;
  /** The refusal without what differs from call to call. */
  bare: unknown;
}

/** What a policy says to somebody who reaches the row: it stands there, not in the table. */
const BY_POLICY = new Set<string>([
  ...['view.update access.denied', 'view.delete access.denied'],
  ...[
    'message.edit access.denied',
    'message.edit message.not_found',
    'message.delete message.not_found',
    'message.edits message.not_found',
  ],
  ...['auth.confirm_second_factor', 'auth.renew_recovery_codes', 'auth.disable_second_factor'].flatMap((command) => [
    `${command} auth.invalid_credentials`,
    `${command} auth.second_factor_inactive`,
  ]),
]);

/** Commands after which others cannot be asked for any more, in this order: what is done to a closed room is refused for that alone. */
const LAST: Command[] = [
  ...([
    'message.delete',
    'room.end',
    'room.close',
    'room.assign',
    'room.transfer',
    'team.delete',
    'label.delete',
    'view.delete',
    'canned_reply.delete',
    'article.delete',
    'rule.delete',
    'agent.disable',
    'customer.erase',
  ] as const),
  ...(['auth.end_session', 'auth.logout', 'auth.erase_me', 'auth.change_password'] as const),
];

describe('A22 A26 A38 the table of permissions', () => {
  let app: TestApp;
  let routes: Route[];
  let calls: SocketCall[];
  let world: World;
  /** By token. */
  const sockets = new Map<string, TestSocket>();

  beforeAll(async () => {
    app = await startApp({ BCRYPT_COST: '4' });
    ({ routes, calls } = doorsOf(AppModule.with(readEnv({ DOCS: 'on' }), 'postgres://nowhere')));
    world = await newWorld();
  });
  afterAll(async () => {
    closeSockets();
    await app.close();
  });

  const newWorld = async (): Promise<World> => {
    const { url } = app;
    const [shop, abroad] = [await buildBusiness(url), await buildBusiness(url)];
    const [agent, colleague, guest, customer] = [
      await buildAgent(url, shop),
      await buildAgent(url, shop),
      await buildGuest(url, shop),
      await buildCustomer(url, shop),
    ];
    const teamId = await buildTeam(url, shop, [agent]);
    const people = { guest, customer, agent, admin: shop.admin };
    const foreignAgent = await buildAgent(url, abroad);
    const spot = async (tenant: Tenant, holder: Person | null, team: string | null, owner?: Person): Promise<Spot> => {
      const { room, guest: by } = await buildRoom(url, tenant, owner);
      const token = tenant.admin.token;
      await rest(url, 'POST', `/api/rooms/${room.id}/assign`, { token, body: { agentId: holder?.id ?? null, teamId: team } });
      const messageOf: Spot['messageOf'] = { admin: (await say(url, tenant.admin, room.id, 'Hello')).id };
      if (owner) messageOf[owner === guest ? 'guest' : 'customer'] = (await say(url, owner, room.id, 'Hello')).id;
      if (holder?.id === agent.id) {
        const { id } = await say(url, agent, room.id, 'Hello');
        for (const scope of ['own', 'team', 'all'] as const) messageOf[`agent ${scope}`] = id;
      }
      const { id: uploadId } = await upload(url, tenant.admin, room.id, await picture());
      const body = { clientMessageId: newKey(), attachmentIds: [uploadId] };
      await rest(url, 'POST', `/api/rooms/${room.id}/messages`, { token, body });
      return { roomId: room.id, customer: by, messageOf, uploadId };
    };
    const foreign = await spot(abroad, foreignAgent, null);
    const [ofTeam, other] = [await spot(shop, null, teamId), await spot(shop, colleague, null)];
    const [ofGuest, ofCustomer] = [await spot(shop, agent, teamId, guest), await spot(shop, agent, null, customer)];
    return {
      shop,
      people,
      colleague,
      teamId,
      labelId: await buildLabel(url, shop),
      viewId: await buildView(url, shop.admin, { shared: true }),
      cannedReplyId: await buildCannedReply(url, shop),
      articleId: await buildArticle(url, shop),
      ruleId: await buildRule(url, shop, { enabled: false }),
      spots: {
        guest: { own: ofGuest, team: ofTeam, other, foreign },
        customer: { own: ofCustomer, team: ofTeam, other, foreign },
        agent: { own: ofGuest, team: ofTeam, other, foreign },
        admin: { own: ofGuest, team: ofTeam, other, foreign },
      },
      foreign: {
        tenant: abroad,
        agent: foreignAgent,
        teamId: await buildTeam(url, abroad),
        labelId: await buildLabel(url, abroad),
        viewId: await buildView(url, abroad.admin, { shared: true }),
        cannedReplyId: await buildCannedReply(url, abroad),
        articleId: await buildArticle(url, abroad),
        ruleId: await buildRule(url, abroad, { enabled: false }),
      },
    };
  };

  /** The example of the documents, with the ids of this world in it. */
  const payloadOf = (command: Command, caller: Caller, at: World, spot: Spot): Record<string, unknown> => {
    const ids: Record<string, string> = {
      [ROOM_ID]: spot.roomId,
      [MESSAGE_ID]: spot.messageOf[caller] ?? newKey(),
      [AGENT_ID]: at.colleague.id,
      [GUEST_ID]: spot.customer.id,
      [TEAM_ID]: at.teamId,
      [LABEL_ID]: at.labelId,
      [VIEW_ID]: at.viewId,
    };
    const text = JSON.stringify(OPERATIONS[command].request ?? {});
    const filled = JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => ids[id] ?? newKey())) as Record<
      string,
      unknown
    >;
    if (command === 'room.open' && !['guest', 'customer'].includes(caller)) filled.customerId = spot.customer.id;
    if (command === 'auth.refresh') filled.token = at.people[roleOf(caller)].token;
    if (command === 'auth.change_password') filled.currentPassword = PASSWORD;
    return filled;
  };

  /** What stands for `{id}` in a path, by what the command is done to. */
  const idFor = (command: Command, caller: Caller, at: World, place: Place | 'random', spot: Spot): string => {
    if (place === 'random') return newKey();
    const isForeign = place === 'foreign';
    const ids: Record<string, string> = {
      agent: isForeign ? at.foreign.agent.id : at.colleague.id,
      team: isForeign ? at.foreign.teamId : at.teamId,
      label: isForeign ? at.foreign.labelId : at.labelId,
      view: isForeign ? at.foreign.viewId : at.viewId,
      customer: spot.customer.id,
      upload: spot.uploadId,
      canned_reply: isForeign ? at.foreign.cannedReplyId : at.cannedReplyId,
      article: isForeign ? at.foreign.articleId : at.articleId,
      rule: isForeign ? at.foreign.ruleId : at.ruleId,
      auth: isForeign ? (readToken(at.foreign.agent.token).sid as string) : (readToken(at.people[roleOf(caller)].token).sid as string),
    };
    return ids[command.split('.')[0] as string] ?? SESSION_ID;
  };

  const bareOf = (error: Record<string, unknown>): unknown => {
    const { requestId: _, ...bare } = error;
    return bare;
  };

  const askRest = async (command: Command, caller: Caller | null, at: World, place: Place | 'random'): Promise<Asked[]> => {
    const who = caller ?? 'guest';
    const known = at.spots[roleOf(who)];
    const spot = place === 'random' ? { ...known.other, roomId: newKey() } : known[place];
    const token = caller ? at.people[roleOf(caller)].token : undefined;
    const payload = payloadOf(command, who, at, spot);
    const asked: Asked[] = [];
    for (const { method, path, body, query, fileField } of routes.filter((route) => route.command === command)) {
      if (fileField !== undefined) {
        const { status, body: answer } = await tryUpload(app.url, { token }, spot.roomId, note());
        asked.push(status === 201 ? { code: 'ok', bare: undefined } : { code: String(answer.code), bare: bareOf(answer) });
        continue;
      }
      const filled = path
        .replace('{roomId}', spot.roomId)
        .replace('{messageId}', (payload.messageId as string | undefined) ?? newKey())
        .replace('{slug}', at.shop.slug)
        .replace('{id}', idFor(command, who, at, place, spot));
      const sent = Object.fromEntries(Object.entries(payload).filter(([name]) => !path.includes(`{${name}}`)));
      const search = query && !body ? `?${new URLSearchParams(sent as Record<string, string>).toString()}` : '';
      const response = await fetch(app.url + filled + search, {
        method,
        headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) },
        ...(body && { body: JSON.stringify(sent) }),
      });
      const text = await response.text();
      const problem = response.headers.get('content-type')?.includes('problem') ? (JSON.parse(text) as Record<string, unknown>) : undefined;
      asked.push({ code: problem ? String(problem.code) : 'ok', bare: problem && bareOf(problem) });
    }
    return asked;
  };

  const askSocket = async (command: Command, caller: Caller, at: World, place: Place | 'random'): Promise<Asked[]> => {
    if (!calls.some((call) => call.command === command)) return [];
    const known = at.spots[roleOf(caller)];
    const spot = place === 'random' ? { ...known.other, roomId: newKey() } : known[place];
    const { token } = at.people[roleOf(caller)];
    const socket = sockets.get(token) ?? (await connect(app.url, token));
    sockets.set(token, socket);
    const answer = await socket.ask(command, payloadOf(command, caller, at, spot));
    return [answer.ok ? { code: 'ok', bare: undefined } : { code: answer.error.code, bare: bareOf({ ...answer.error }) }];
  };

  /** Sends a command through every door that it has. */
  const ask = async (command: Command, caller: Caller | null, at: World, place: Place | 'random'): Promise<Asked[]> => [
    ...(await askRest(command, caller, at, place)),
    ...(caller ? await askSocket(command, caller, at, place) : []),
  ];

  /** The caller once more, with a session that may be ended. */
  const signIn = async (at: World, caller: Caller): Promise<Person> => {
    const person = at.people[roleOf(caller)];
    if (caller === 'guest' || caller === 'customer') return (caller === 'guest' ? buildGuest : buildCustomer)(app.url, at.shop);
    const { body } = await rest(app.url, 'POST', '/api/auth/login', {
      body: { email: person.email, password: PASSWORD, business: at.shop.slug },
    });
    return { ...person, token: body.accessToken };
  };

  const scopeFor = (caller: Caller, at: World): Promise<void> => {
    const [, scope] = caller.split(' ') as [string, AgentScope?];
    return scope ? setUp(app.url, at.shop, { agentScope: scope }) : Promise.resolve();
  };

  /** Whether a command names a thing that may be out of reach. */
  const namesRoom = (command: Command): boolean =>
    ruleOf(command).to === 'room' &&
    (routes.some((route) => route.command === command && route.path.includes('{roomId}')) ||
      calls.some((call) => call.command === command)) &&
    'roomId' in
      {
        ...OPERATIONS[command].request,
        ...(routes.some((route) => route.command === command && route.path.includes('{roomId}')) && { roomId: 1 }),
      };
  const namesThing = (command: Command): boolean => routes.some((route) => route.command === command && route.path.includes('{id}'));
  const isOpen = (command: Command): boolean => typeof ruleOf(command).who === 'string';
  const mayEver = (command: Command, caller: Caller): boolean => {
    const { who } = ruleOf(command);
    return typeof who === 'string' || (who as readonly string[]).includes(roleOf(caller));
  };

  it('has a row for every route and event there is, and nothing else', () => {
    const { router } = app.app.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
    };
    const served = router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${(route?.path ?? '').replace(/:(\w+)/g, '{$1}')}`),
    );
    expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set([...routes, ...calls].map(({ command }) => command))).toEqual(new Set(commands));
  });

  it('nobody without a credential does what is not open to all', async () => {
    for (const command of commands.filter((one) => !isOpen(one))) {
      const codes = (await ask(command, null, world, 'own')).map(({ code }) => code);
      expect([command, ...new Set(codes)]).toEqual(codes.length === 0 ? [command] : [command, 'auth.required']);
    }
  });

  it.each(CALLERS)('%s: what the role may never do is refused, wherever it is asked for', async (caller) => {
    await scopeFor(caller, world);
    let refused = 0;
    for (const command of commands.filter((one) => !mayEver(one, caller))) {
      for (const place of ['own', 'other', 'foreign', 'random'] as const) {
        for (const { code } of await ask(command, caller, world, place)) {
          expect([command, place, code]).toEqual([command, place, 'access.denied']);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(caller === 'admin' ? 0 : 10);
  });

  it.each(CALLERS)('%s: what is out of reach is answered like what does not exist', async (caller) => {
    await scopeFor(caller, world);
    const out = PLACES.filter((place) => !REACHED[caller].includes(place));
    for (const command of commands.filter((one) => mayEver(one, caller) && (namesRoom(one) || namesThing(one)))) {
      const places = ruleOf(command).to !== 'business' && ruleOf(command).to !== 'self' ? out : (['foreign'] as const);
      const missing = await ask(command, caller, world, 'random');
      for (const place of places) {
        const asked = await ask(command, caller, world, place);
        expect(asked.length).toBe(missing.length);
        for (const [door, { code, bare }] of asked.entries()) {
          expect([command, place, code]).toEqual([command, place, expect.stringMatching(/\.not_found$/)]);
          expect([command, place, bare]).toEqual([command, place, missing[door]?.bare]);
        }
      }
    }
  });

  it.each(CALLERS)('%s: what is within reach and allowed is done', async (caller) => {
    const done: string[] = [];
    const expectLetIn = (command: Command, place: Place, asked: Asked[]): void => {
      for (const { code } of asked) {
        const isWithheld = /^(auth\.|access\.denied$)|\.not_found$/.test(code) && !BY_POLICY.has(`${command} ${code}`);
        expect([command, place, isWithheld ? code : 'let in']).toEqual([command, place, 'let in']);
        done.push(code);
      }
    };
    const fresh = await newWorld();
    await scopeFor(caller, fresh);
    const allowed = commands.filter((one) => mayEver(one, caller) && !isOpen(one));
    const inOrder = [...allowed.filter((one) => !LAST.includes(one)), ...LAST.filter((one) => allowed.includes(one))];
    for (const command of inOrder) {
      if (LAST.includes(command) && command.startsWith('auth.')) fresh.people[roleOf(caller)] = await signIn(fresh, caller);
      const places: Place[] = namesRoom(command) || ruleOf(command).to === 'customer' ? REACHED[caller] : ['own'];
      for (const place of places) expectLetIn(command, place, await ask(command, caller, fresh, place));
    }
    expect(done.filter((code) => code === 'ok').length).toBeGreaterThan(done.length / 2);
  });
});
