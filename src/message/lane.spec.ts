import { Lanes } from './lane.js';

const after =
  (ms: number): (() => Promise<void>) =>
  () =>
    new Promise((done) => setTimeout(done, ms));

describe('lanes', () => {
  it('P3 what was sent first is enqueued first, however long its look takes', async () => {
    const lanes = new Lanes();
    const order: string[] = [];
    const enqueue = (name: string) => () => Promise.resolve(order.push(name));
    await Promise.all([
      lanes.run('a', after(20), enqueue('slow')),
      lanes.run('a', undefined, enqueue('quick')),
      lanes.run('a', after(1), enqueue('middle')),
      lanes.run('b', undefined, enqueue('other lane')),
    ]);
    expect(order).toEqual(['other lane', 'slow', 'quick', 'middle']);
  });

  it('does not wait for the storing of what came before', async () => {
    const lanes = new Lanes();
    let store: (() => void) | undefined;
    const first = lanes.run('a', after(1), () => new Promise<void>((done) => (store = done)));
    await lanes.run('a', undefined, () => Promise.resolve());
    store?.();
    await first;
  });

  it('a refusal stops nobody behind it', async () => {
    const lanes = new Lanes();
    const refused = lanes.run(
      'a',
      () => Promise.reject(new Error('no')),
      () => Promise.resolve('never'),
    );
    const next = lanes.run('a', undefined, () => Promise.resolve('stored'));
    await expect(refused).rejects.toThrow('no');
    expect(await next).toBe('stored');
  });
});
