import { setTimeout as sleep } from 'node:timers/promises';
import { BatchLoader } from './batch-loader.js';

describe('BatchLoader', () => {
  let [asked, stored, gate]: [string[][], string, Promise<void>] = [[], '', Promise.resolve()];
  let began = (): void => undefined;

  /** Reads what is stored when it begins, and answers when the gate opens. */
  const load = async (keys: string[]): Promise<string[]> => {
    asked.push(keys);
    const found = keys.map((key) => `${key} ${stored}`);
    began();
    await gate;
    return found;
  };

  beforeEach(() => void ([asked, stored, gate] = [[], 'old', Promise.resolve()]));

  it('asks once for what is wanted in one turn, and gives each its own', async () => {
    const loader = new BatchLoader(load);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loader.get(key)))).toEqual(['a old', 'b old', 'a old']);
    expect(asked).toEqual([['a', 'b', 'a']]);
  });

  it('asks one query at a time, and gives nobody an answer of one that began before the question', async () => {
    const loader = new BatchLoader(load);
    let open = (): void => undefined;
    gate = new Promise((done) => (open = done));
    const isUnderWay = new Promise<void>((done) => (began = done));
    const early = loader.get('a');
    await isUnderWay;
    stored = 'new';
    const late = ['a', 'b'].map((key) => loader.get(key));
    await new Promise(setImmediate);
    expect(asked).toEqual([['a']]);
    open();
    expect(await Promise.all([early, ...late])).toEqual(['a old', 'a new', 'b new']);
    expect(asked).toEqual([['a'], ['a', 'b']]);
  });

  it('asks for no more at once than it may', async () => {
    const loader = new BatchLoader(load, { most: 2 });
    expect(await Promise.all(['a', 'b', 'c'].map((key) => loader.get(key)))).toEqual(['a old', 'b old', 'c old']);
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('a query that fails fails those who share it and nobody else', async () => {
    const loader = new BatchLoader((keys: string[]) => (keys.includes('bad') ? Promise.reject(new Error('no')) : load(keys)), { most: 2 });
    const answers = await Promise.allSettled(['a', 'bad', 'b', 'c'].map((key) => loader.get(key)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('keeps nothing and serves again after it was idle', async () => {
    const loader = new BatchLoader(load);
    await loader.get('a');
    // Begun after the loader's own, shorter pause, so it ends after it.
    await sleep(10);
    stored = 'new';
    expect(await loader.get('a')).toBe('a new');
  });

  it('byKey asks once for a key, takes rows in any order, and finds undefined for what is missing', async () => {
    const find = (keys: string[]): Promise<{ id: string }[]> => load(keys).then(() => [{ id: 'b' }, { id: 'a' }]);
    const loader = BatchLoader.byKey(find, ({ id }) => id);
    const found = await Promise.all(['a', 'none', 'b', 'a'].map((key) => loader.get(key)));
    expect(found.map((row) => row?.id)).toEqual(['a', undefined, 'b', 'a']);
    expect(asked).toEqual([['a', 'none', 'b']]);
  });
});
