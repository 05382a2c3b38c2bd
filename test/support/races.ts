import { startApp, type TestApp } from './app.js';
import { buildBusiness, type Person, type Tenant } from './factories.js';
import { rest, type Answer } from './rest.js';
import { closeSockets } from './socket.js';

/** How often each race is run; CI runs them all a hundred times. */
export const ROUNDS = Number(process.env.RACE_ROUNDS ?? 3);

interface Outcome {
  codes: string[];
  room: { assignee: { id: string } | null; status: string; snoozedUntil: string | null };
}

export const codeOf = ({ status, body }: Answer): string => body?.code ?? String(status);

export const count = (codes: string[]): Record<string, number> =>
  codes.reduce<Record<string, number>>((counts, code) => ({ ...counts, [code]: (counts[code] ?? 0) + 1 }), {});

/** As clients do: whether a call that is answered with `unavailable` was carried out is not known, so it is made again. */
export const answered = async (contend: () => Promise<string>): Promise<string> => {
  for (let tries = 1; ; tries++) {
    const code = await contend();
    if (code !== 'unavailable' || tries === 10) return code;
  }
};

/** A server and a business in which things race each other. */
export class Races {
  app: TestApp;
  shop: Tenant;

  constructor() {
    jest.setTimeout(60_000 + ROUNDS * 10_000);
    beforeAll(async () => {
      this.app = await startApp({ DATABASE_POOL: '20' });
      this.shop = await buildBusiness(this.app.url);
    });
    afterAll(async () => {
      closeSockets();
      await this.app.close();
    });
  }

  readonly post = (path: string, body: unknown = {}, { token }: Person = this.shop.admin): Promise<Answer> =>
    rest(this.app.url, 'POST', path, { token, body });
  readonly close = (roomId: string): Promise<Answer> =>
    rest(this.app.url, 'DELETE', `/api/rooms/${roomId}`, { token: this.shop.admin.token });

  /** Loads are the rooms that are held, nobody is over its capacity, and each room's lines tell how it stands. */
  readonly expectSound = async (): Promise<void> => {
    const wrong = await this.app.sql(
      `SELECT u.id, u.load, u.capacity, count(r.id) AS held FROM "user" u
         LEFT JOIN room r ON r.assignee_id = u.id AND r.status <> 'closed'
         GROUP BY u.id HAVING u.load <> count(r.id) OR u.load > u.capacity`,
    );
    expect(wrong).toEqual([]);
    const told = await this.app.sql(
      `SELECT r.id FROM room r JOIN LATERAL (
           SELECT assignee_id FROM message m WHERE m.room_id = r.id AND m.activity IN ('assigned', 'unassigned', 'transferred', 'reopened')
             ORDER BY m.seq DESC LIMIT 1) last ON true
         WHERE last.assignee_id IS DISTINCT FROM r.assignee_id`,
    );
    expect(told).toEqual([]);
  };

  /** Runs contenders against each other in a room made anew each time, and counts how it went. */
  readonly race = async (
    prepare: (round: number) => Promise<{ roomId: string; contenders: (() => Promise<string>)[] }>,
    judge: (outcome: Outcome) => string,
  ): Promise<Record<string, number>> => {
    const outcomes: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { roomId, contenders } = await prepare(round);
      // In another order each time.
      const turned = contenders.map((_, index) => contenders[(index + round) % contenders.length] as () => Promise<string>);
      const codes = await Promise.all(turned.map(answered));
      const { body } = await rest(this.app.url, 'GET', `/api/rooms/${roomId}`, { token: this.shop.admin.token });
      outcomes.push(
        judge({
          codes: contenders.map(
            (_, index) => codes[(index - (round % contenders.length) + contenders.length) % contenders.length] as string,
          ),
          room: body,
        }),
      );
    }
    await this.expectSound();
    process.stdout.write(`${expect.getState().currentTestName}: ${JSON.stringify(count(outcomes))}\n`);
    return count(outcomes);
  };
}
