import { ERRORS, type ErrorCode } from '../../src/contract/error-code.js';
import { startApp, type TestApp } from './app.js';
import { buildAgent, buildBusiness, buildGuest, buildRoom, unsigned, type Person } from './factories.js';
import { rest } from './rest.js';
import { closeSockets, connect, type Heard, type TestSocket } from './socket.js';
import { type Act, type Case, type World } from './two-doors-cases.js';

const QUIET_MS = 1_300;
const WORLDS_AT_ONCE = 40;
/** For all cases together, on a busy machine. */
const PATIENCE_MS = 240_000;

/** Ids and times by the order in which they appear, so that two worlds can be compared. */
const normaliser = (): ((value: unknown) => unknown) => {
  const names = new Map<string, string>();
  return (value) =>
    JSON.parse(
      JSON.stringify(unsigned(value)).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, (found) => {
        if (found.endsWith('Z')) return 'time';
        if (!names.has(found)) names.set(found, `id ${names.size + 1}`);
        return names.get(found) as string;
      }),
    ) as unknown;
};

/** Resolves when a socket has heard nothing new for a while: longer than news of a room may wait because of others before. */
const quiet = async (sockets: TestSocket[]): Promise<void> => {
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await new Promise((done) => setTimeout(done, QUIET_MS));
    now = sockets.reduce((sum, { heard }) => sum + heard.length, 0);
  }
};

interface Compared {
  throughRest: Outcome;
  throughSocket: Outcome;
}

interface Outcome {
  answer: unknown;
  staffHeard: unknown;
  guestHeard: unknown;
}

/** Of another business than that of a world. */
export interface Foreign {
  agent: Person;
  roomId: string;
}

export const buildForeign = async (url: string): Promise<Foreign> => {
  const tenant = await buildBusiness(url, 'Foreign');
  return { agent: await buildAgent(url, tenant), roomId: (await buildRoom(url, tenant)).room.id };
};

export const buildWorld = async (url: string, foreign: Foreign): Promise<World> => {
  const shop = await buildBusiness(url, 'Shop');
  const agent = await buildAgent(url, shop);
  const colleague = await buildAgent(url, shop, { capacity: 1 });
  const guest = await buildGuest(url, shop);
  const stranger = await buildGuest(url, shop, 'Stella');
  const roomId = (await buildRoom(url, shop, guest)).room.id;
  const strangerRoomId = (await buildRoom(url, shop, stranger)).room.id;
  return {
    url,
    shop,
    agent,
    colleague,
    guest,
    stranger,
    roomId,
    strangerRoomId,
    foreignRoomId: foreign.roomId,
    foreignAgent: foreign.agent,
  };
};

/** Each case through REST in one world and through the socket in another: answers, and what everybody heard, are the same. */
export const compareDoors = (cases: readonly Case[]): void => {
  let app: TestApp;
  let foreign: Foreign;

  /** The outcomes of the cases, by name. */
  const compared = new Map<string, Promise<Compared>>();

  beforeAll(async () => {
    app = await startApp();
    foreign = await buildForeign(app.url);
    // Many worlds at a time, since most of each is waiting for silence.
    const todo = [...cases];
    const work = async (): Promise<void> => {
      for (let next = todo.shift(); next; next = todo.shift()) {
        const { name, act, expected } = next;
        const both = Promise.all([outcome(act, byRest, expected), outcome(act, bySocket, expected)]);
        const result = both.then(([throughRest, throughSocket]) => ({ throughRest, throughSocket }));
        compared.set(name, result);
        await result.catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: WORLDS_AT_ONCE }, work));
  }, PATIENCE_MS);
  afterAll(async () => {
    closeSockets();
    await app.close();
  });

  const byRest = async ({ as, method, path, body }: Act): Promise<{ ok: boolean; value: any }> => {
    const answer = await rest(app.url, method, path, { token: as.token, body });
    const ok = answer.status < 300;
    if (!ok) expect(answer.status).toBe(ERRORS[answer.body.code as ErrorCode].status);
    return { ok, value: answer.body };
  };

  const bySocket = async ({ as, event, payload }: Act): Promise<{ ok: boolean; value: any }> => {
    const socket = await connect(app.url, as.token);
    const answer = await socket.ask(event, payload);
    return answer.ok ? { ok: true, value: answer.data } : { ok: false, value: answer.error };
  };

  const outcome = async (act: (world: World) => Promise<Act> | Act, door: typeof byRest, expected: string): Promise<Outcome> => {
    const world = await buildWorld(app.url, foreign);
    const [staff, guest] = await Promise.all([connect(app.url, world.shop.admin.token), connect(app.url, world.guest.token)]);
    await staff.call('room.join', { roomId: world.roomId });
    await guest.call('room.join', { roomId: world.roomId });
    const todo = await act(world);
    // An extra socket of the same person must not be what makes the difference.
    await connect(app.url, todo.as.token);
    await quiet([staff, guest]);
    staff.heard.length = 0;
    guest.heard.length = 0;
    const { ok, value } = await door(todo);
    expect(ok ? 'ok' : value.code).toBe(expected);
    await quiet([staff, guest]);
    const normalise = normaliser();
    const names = normalise([world.shop, world.roomId, world.guest.id, world.agent.id, world.colleague.id]);
    expect(names).toBeDefined();
    // Who is connected is a matter of the door, what was done is not; places in the queue are told in their own time.
    // Each stream has its order, and each kind of event; among these there is none.
    const placeOf = ({ event, payload }: Heard): string => `${event} ${payload.stream ?? ''} ${String(payload.seq ?? '').padStart(9)}`;
    const told = ({ heard }: TestSocket): unknown =>
      normalise(
        heard
          .filter(({ event }) => !/^(room\.member_|presence\.changed$|queue\.moved$)/.test(event))
          .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)),
      );
    const answer = ok ? value : { code: value.code, retryable: value.retryable, details: value.details, errors: value.errors };
    return {
      answer: normalise(JSON.parse(JSON.stringify(answer).replace(/"(presence|lastSeenAt|nextCursor)":("[^"]*"|null)/g, '"$1":"-"'))),
      staffHeard: told(staff),
      guestHeard: told(guest),
    };
  };

  it.each(cases)('$name: $expected', async ({ name }) => {
    const { throughRest, throughSocket } = await (compared.get(name) as Promise<Compared>);
    expect(throughSocket).toEqual(throughRest);
  });
};
