import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../src/contract/message.js';
import { startAiServer, type AiServer } from './support/ai-server.js';
import { buildAgent, buildBusiness, buildRoom, say, setUp, until } from './support/factories.js';
import { rest } from './support/rest.js';
import { cleanUp, newDataDir, startServer } from './support/server-process.js';

describe('P14 a server that is killed in the middle of an answer', () => {
  let ai: AiServer;
  beforeAll(async () => (ai = await startAiServer()));
  afterAll(async () => {
    await cleanUp();
    await ai.close();
  });

  it('leaves one answer, which the next one gives', async () => {
    const settings = { DATA_DIR: newDataDir(), AI_BASE_URL: ai.url, AI_MODEL: 'small' };
    const first = await startServer(settings);
    const shop = await buildBusiness(first.url);
    const agent = await buildAgent(first.url, shop);
    await setUp(first.url, shop, { ai: { enabled: true, engine: 'openai' } });
    ai.behave((answer) => answer.words('Half an '));
    const rooms = await Promise.all(Array.from({ length: 5 }, () => buildRoom(first.url, shop)));
    await Promise.all(rooms.map(({ guest, room }) => say(first.url, guest, room.id, 'When?')));
    const begun = await until(
      () => Promise.resolve(ai.asked.length),
      (count) => count === rooms.length,
      15_000,
    );
    expect(begun).toBe(rooms.length);
    first.signal('SIGKILL');
    await first.exited;

    ai.behave((answer) => answer.words('A whole answer').end());
    const second = await startServer(settings);
    const stories = (): Promise<string[][]> =>
      Promise.all(
        rooms.map(async ({ room }) => {
          const { body } = await rest(second.url, 'GET', `/api/rooms/${room.id}/messages`, { token: agent.token });
          return (body.items as Message[]).map((entry) => entry.activity?.type ?? entry.body ?? '');
        }),
      );
    const whole = rooms.map(() => ['When?', 'A whole answer']);
    expect(await until(stories, (all) => all.every((story) => story.length === 2), 30_000)).toEqual(whole);
    await sleep(12_000);
    expect(await stories()).toEqual(whole);
  }, 180_000);
});
