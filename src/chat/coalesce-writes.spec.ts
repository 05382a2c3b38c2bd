import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { coalesceWrites } from './coalesce-writes.js';

describe('coalesceWrites', () => {
  const server = createServer();
  let near: Socket;
  let far: Socket;

  const open = async (): Promise<[Socket, Socket]> => {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [connection] = await accepted;
    coalesceWrites(connection);
    return [connection, client];
  };

  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => server.close());
  beforeEach(async () => {
    [near, far] = await open();
  });
  afterEach(() => {
    near.destroy();
    far.destroy();
  });

  it('lets the writes of one turn out together and in order, and calls each done at once', async () => {
    // What leaves in one call of `_write` leaves in one system call; a reader cannot tell, since TCP joins chunks too.
    const written = jest.spyOn(near, '_write');
    const done: string[] = [];
    for (const frame of ['a,', 'b,', 'c,']) near.write(frame, () => done.push(frame));
    near.write(Buffer.from('d,'));
    expect(done).toEqual(['a,', 'b,', 'c,']);
    expect(written).not.toHaveBeenCalled();
    await new Promise(setImmediate);
    expect(written.mock.calls.map(([chunk]) => String(chunk))).toEqual(['a,b,c,d,']);
    near.end('next turn');
    expect(await text(far)).toBe('a,b,c,d,next turn');
  });

  it('lets out first what was written last: whoever waits for an answer comes before those who are told', async () => {
    const [other, client] = await open();
    const left: string[] = [];
    for (const [name, connection] of Object.entries({ told: near, answered: other })) {
      jest.spyOn(connection, '_write').mockImplementation((_chunk, _encoding, done) => {
        left.push(name);
        done();
      });
      connection.write('event');
    }
    near.write('one more');
    await new Promise(setImmediate);
    expect(left).toEqual(['answered', 'told']);
    other.destroy();
    client.destroy();
  });

  it('keeps what it joined whole, of any size and alphabet, over many turns', async () => {
    const received = text(far);
    let sent = '';
    const send = (part: string, isText: boolean): void => {
      sent += part;
      near.write(isText ? part : Buffer.from(part));
    };
    for (let turn = 0; turn < 200; turn++) {
      for (let n = 0; n < 1 + (turn % 7); n++) send(`${turn}.${n} é 日本 👋 ${'x'.repeat((turn * 37) % 900)}\n`, n % 2 === 0);
      await new Promise(setImmediate);
    }
    near.end();
    expect(await received).toBe(sent);
  });

  it.each(['end', 'destroy'] as const)('lets out what is held before the connection is closed by %s', async (close) => {
    near.write('refused, ');
    near.write('and why');
    near[close]();
    expect(await text(far)).toBe('refused, and why');
  });

  it('ends once, however often it is told, and refuses what comes afterwards', async () => {
    near.end('last');
    expect(near.end()).toBe(near);
    const refused = once(near, 'error') as Promise<[Error]>;
    near.end('too late');
    expect((await refused)[0]).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  });

  it('calls nothing done that finds the buffer full, until it has left', async () => {
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
    expect((await received).length).toBe(big.length + 'tail'.length);
  });

  it('tells a write to a closed connection that it failed', async () => {
    near.destroy();
    const error = await new Promise((done) => near.write('late', done));
    expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});
