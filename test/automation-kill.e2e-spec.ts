import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../src/contract/message.js';
import { buildBusiness, buildLabel, buildRoom, buildRule, newKey, until } from './support/factories.js';
import { rest } from './support/rest.js';
import { cleanUp, newDataDir, startServer, type ServerProcess } from './support/server-process.js';

const ROOMS = 12;
const KILLS = 4;

describe('X1 P1 a server that is killed while it follows rules', () => {
  afterAll(cleanUp);

  it('leaves each message with one reply and one note, which the next one writes', async () => {
    const settings = { DATA_DIR: newDataDir(), RATE_LIMIT_FACTOR: '10000' };
    let server: ServerProcess = await startServer(settings);
    const shop = await buildBusiness(server.url);
    await buildLabel(server.url, shop, 'Seen');
    await buildRule(server.url, shop, {
      conditions: [{ field: 'message.sender', operator: 'is', values: ['guest'] }],
      actions: [
        { type: 'label', value: 'Seen' },
        { type: 'reply', value: 'Reply' },
        { type: 'note', value: 'Note' },
      ],
    });
    const rooms = await Promise.all(Array.from({ length: ROOMS }, () => buildRoom(server.url, shop)));
    const sent = new Map(rooms.map(({ room }) => [room.id, 0]));
    for (let kill = 0; kill <= KILLS; kill++) {
      const keys = new Map(rooms.map(({ room }) => [room.id, newKey()]));
      const send = async ({ room, guest }: (typeof rooms)[number]): Promise<void> => {
        const body = { clientMessageId: keys.get(room.id), body: `Message ${kill}` };
        const { status } = await rest(server.url, 'POST', `/api/rooms/${room.id}/messages`, { token: guest.token, body });
        expect([200, 201]).toContain(status);
      };
      if (kill < KILLS) {
        const sending = Promise.allSettled(rooms.map(send));
        await sleep(randomInt(20, 250));
        server.signal('SIGKILL');
        await Promise.all([server.exited, sending]);
        server = await startServer(settings);
      }
      // What was not acked is sent again under its key.
      await Promise.all(rooms.map(send));
      for (const { room } of rooms) sent.set(room.id, (sent.get(room.id) ?? 0) + 1);
    }
    const written = async (stream: string, who: string): Promise<number[]> =>
      Promise.all(
        rooms.map(async ({ room }) => {
          const { body } = await rest(server.url, 'GET', `/api/rooms/${room.id}/messages?stream=${stream}&limit=200`, {
            token: shop.admin.token,
          });
          return (body.items as Message[]).filter(({ kind, sender }) => kind === 'text' && sender.role === who).length;
        }),
      );
    const counts = async (): Promise<number[][]> =>
      Promise.all([written('public', 'guest'), written('public', 'bot'), written('internal', 'bot')]);
    const whole = rooms.map(({ room }) => sent.get(room.id));
    await until(counts, ([, replies = [], notes = []]) => [...replies, ...notes].every((count) => count >= KILLS + 1), 40_000);
    // Whatever comes twice would have come by then.
    await sleep(8_000);
    expect(await counts()).toEqual([whole, whole, whole]);
  }, 240_000);
});
