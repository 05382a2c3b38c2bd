import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { coalesceWrites } from './coalesce-writes.js';

describe('coalesceWrites', () => {
  const server = createServer();
  let near: Socket;
  let far: Socket;

  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => server.close());
  beforeEach(async () => {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    [near] = await accepted;
    coalesceWrites(near);
  });
  afterEach(() => {
    near.destroy();
    far.destroy();
  });

  it('lets the first write out at once, so that it survives the end of the connection', async () => {
    near.write('refused');
    near.destroy();
    expect(await text(far)).toBe('refused');
  });

  it('lets the writes of one turn out together and in order, and calls each done at once', async () => {
    near.write('head,');
    // What leaves in one call of `_writev` leaves in one system call; a reader cannot tell, since TCP joins chunks too.
    const single = jest.spyOn(near, '_write');
    const joint = jest.spyOn(near as Required<Pick<Socket, '_writev'>>, '_writev');
    const done: string[] = [];
    for (const frame of ['a,', 'b,', 'c,']) near.write(frame, () => done.push(frame));
    near.write(Buffer.from('d,'));
    expect(done).toEqual(['a,', 'b,', 'c,']);
    expect([single.mock.calls.length, joint.mock.calls.length]).toEqual([0, 0]);
    await new Promise(setImmediate);
    expect([single.mock.calls.length, joint.mock.calls.map(([chunks]) => chunks.length)]).toEqual([0, [4]]);
    near.end('next turn');
    expect(await text(far)).toBe('head,a,b,c,d,next turn');
  });

  it('calls nothing done that finds the buffer full, until it has left', async () => {
    near.write('head');
    const big = Buffer.alloc(16 * 1024 * 1024, '.');
    expect(near.write(big)).toBe(false);
    const done = jest.fn();
    const hasLeft = new Promise<void>((resolve) => near.write('tail', () => resolve(done() as undefined)));
    await new Promise(setImmediate);
    expect(done).not.toHaveBeenCalled();
    const received = text(far);
    await hasLeft;
    expect(near.writableLength).toBe(0);
    near.end();
    expect((await received).length).toBe('head'.length + big.length + 'tail'.length);
  });

  it('tells a write to a closed connection that it failed', async () => {
    near.write('head');
    near.destroy();
    const error = await new Promise((done) => near.write('late', done));
    expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});
