import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A bad network before a server. */
export interface Proxy {
  url: string;
  /** Connections that went through it. */
  readonly count: number;
  /** Ends every connection at once. */
  cut(): void;
  /** Nothing goes through in either direction, and nobody is told, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Everything goes in and nothing comes out, until the next cut. */
  deafen(): void;
  /** Everything that comes later waits for so long, in milliseconds. */
  delay(ms: number): void;
  /** What comes goes on in pieces of at most so many bytes, each by itself. */
  split(bytes: number): void;
  /** New connections are refused until `open`. */
  shut(): void;
  open(): void;
  /** New connections go to another server from now on. */
  lead(target: string): void;
  close(): Promise<void>;
}

export const startProxy = async (target: string, ownPort = 0): Promise<Proxy> => {
  let { hostname, port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  let state: 'good' | 'frozen' | 'deaf' = 'good';
  let delayMs = 0;
  let most = Infinity;
  let isShut = false;
  let count = 0;
  const pass = (from: Socket, to: Socket, isAnswer: boolean): void => {
    let waiting: Buffer | undefined;
    const send = (): void => {
      if (state === 'frozen') {
        setTimeout(send, 5);
        return;
      }
      if (waiting && !(state === 'deaf' && isAnswer) && to.writable) to.write(waiting.subarray(0, most));
      waiting = waiting?.subarray(most);
      if (waiting?.length) {
        setImmediate(send);
        return;
      }
      waiting = undefined;
      if (from.closed) to.end();
      else from.resume();
    };
    from.on('data', (chunk: Buffer) => {
      // One after the other: a later chunk never overtakes.
      from.pause();
      waiting = chunk;
      setTimeout(send, delayMs);
    });
    from.on('close', (hadError) => {
      if (hadError) to.destroy();
      else if (!waiting) send();
    });
  };
  const server = createServer((client) => {
    if (isShut) {
      client.destroy();
      return;
    }
    count++;
    const upstream = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('close', () => pair.every(({ closed }) => closed) && pairs.delete(pair));
    }
    pass(client, upstream, false);
    pass(upstream, client, true);
  });
  await new Promise<void>((done) => server.listen(ownPort, '127.0.0.1', done));
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    state = 'good';
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count;
    },
    cut,
    freeze: () => void (state = 'frozen'),
    thaw: () => void (state = 'good'),
    deafen: () => void (state = 'deaf'),
    delay: (ms) => void (delayMs = ms),
    split: (bytes) => void (most = bytes),
    shut: () => {
      isShut = true;
      cut();
    },
    open: () => void (isShut = false),
    lead: (other) => void ({ hostname, port } = new URL(other)),
    close: async () => {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
};
