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
  /** Everything that comes later goes on in pieces of so many bytes at most, with a moment between them. */
  split(bytes: number): void;
  /** New connections are refused until `open`. */
  shut(): void;
  open(): void;
  /** New connections go to another server from now on. */
  lead(target: string): void;
  close(): Promise<void>;
}

const PIECE_PAUSE_MS = 2;

export const startProxy = async (target: string, ownPort = 0): Promise<Proxy> => {
  let { hostname, port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  let state: 'good' | 'frozen' | 'deaf' = 'good';
  let delayMs = 0;
  let pieceBytes = Infinity;
  let isShut = false;
  let count = 0;
  const pass = (from: Socket, to: Socket, isAnswer: boolean): void => {
    from.on('data', (chunk: Buffer) => {
      let rest = chunk;
      const send = (): void => {
        if (state === 'frozen') {
          setTimeout(send, 5);
          return;
        }
        const piece = rest.subarray(0, pieceBytes);
        rest = rest.subarray(piece.length);
        if (!(state === 'deaf' && isAnswer) && to.writable) to.write(piece);
        if (rest.length > 0) setTimeout(send, PIECE_PAUSE_MS);
        else from.resume();
      };
      // One after the other: a later chunk never overtakes.
      from.pause();
      setTimeout(send, delayMs);
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
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
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
    split: (bytes) => void (pieceBytes = bytes),
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
