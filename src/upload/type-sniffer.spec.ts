import { Logger } from '@nestjs/common';
import { TypeSniffer } from './type-sniffer.js';

/** Answers with what it is asked, but for two words of which no answer comes. */
const PROGRAM = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', (word) => {
  while (word === 'circle');
  if (word === 'memory') for (const all = [[]]; ; ) all.push(Array(1e6).fill(all.length));
  parentPort.postMessage(word);
});
parentPort.postMessage('ready');`;

class Echo extends TypeSniffer {
  protected override readonly program = new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`);
}

describe('the thread that looks into files', () => {
  let echo: Echo;
  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => {
    echo = new Echo();
  });
  afterEach(() => echo.onModuleDestroy());

  it.each(['circle', 'memory'])('A61 is ended by a file that takes its %s, and begins anew while the server goes on', async (word) => {
    let longest = 0;
    let before = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 10);
    const [bad, good] = await Promise.allSettled([echo.typeOf(word), echo.typeOf('text')]);
    clearInterval(timer);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'upload.type_refused' } });
    expect(good).toEqual({ status: 'fulfilled', value: 'text' });
    expect(longest).toBeLessThan(1_000);
  });

  it('answers one after the other', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map((word) => echo.typeOf(word)))).toEqual(['a', 'b', 'c']);
  });

  it('refuses when too many wait', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 201 }, () => echo.typeOf('a')));
    expect(answers.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'unavailable' } }]);
  });
});
