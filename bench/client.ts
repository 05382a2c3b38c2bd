import WebSocket from 'ws';

/** What a server answers to a command; Parley's own shape, which the others answer in as well. */
interface Answer {
  ok: boolean;
  data?: unknown;
  error?: { code: string; message: string };
}

type OnAnswer = (answer: Answer) => void;

const EVENT = '42["';

/**
 * A Socket.IO client of the few packets that are needed here, written by hand: with the usual one the load generator, not
 * the server, would be the limit.
 */
export class Client {
  /** Called with the whole packet of each event, unparsed; `name` is that of the event. */
  onEvent: (name: string, packet: string) => void = () => undefined;
  private readonly answers = new Map<number, OnAnswer>();
  private nextId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Resolves when the server has let the client in. */
  static connect(url: string, auth: object): Promise<Client> {
    return new Promise((done, fail) => {
      const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
      const client = new Client(socket);
      socket.once('error', fail);
      socket.on('message', (packet: Buffer) => {
        const text = packet.toString();
        if (text.startsWith('40')) done(client);
        else if (text.startsWith('44')) fail(new Error(`The server refused a connection: ${text}`));
        else client.take(text, auth);
      });
      socket.once('close', () => fail(new Error('The server closed a connection')));
    });
  }

  /** Called when the server ends the connection. */
  onClose(act: () => void): void {
    this.socket.once('close', act);
  }

  emit(event: string, payload: object, onAnswer: OnAnswer): void {
    const id = this.nextId++;
    this.answers.set(id, onAnswer);
    this.socket.send(`42${id}${JSON.stringify([event, payload])}`);
  }

  /** @throws Error when the server refuses. */
  call<Data>(event: string, payload: object): Promise<Data> {
    return new Promise((done, fail) => {
      this.emit(event, payload, ({ ok, data, error }) => {
        if (ok) done(data as Data);
        else fail(new Error(`${event}: ${error?.code} ${error?.message}`));
      });
    });
  }

  close(): Promise<void> {
    return new Promise((done) => {
      if (this.socket.readyState === WebSocket.CLOSED) {
        done();
        return;
      }
      this.socket.once('close', () => done());
      this.socket.close();
    });
  }

  private take(packet: string, auth: object): void {
    if (packet.startsWith(EVENT)) {
      this.onEvent(packet.slice(EVENT.length, packet.indexOf('"', EVENT.length)), packet);
      return;
    }
    if (packet.startsWith('43')) {
      const bracket = packet.indexOf('[');
      const id = Number(packet.slice(2, bracket));
      const onAnswer = this.answers.get(id);
      this.answers.delete(id);
      onAnswer?.((JSON.parse(packet.slice(bracket)) as [Answer])[0]);
      return;
    }
    // Engine.IO: 0 opens, and is followed by the Socket.IO handshake; 2 is a ping.
    if (packet.startsWith('0')) this.socket.send(`40${JSON.stringify(auth)}`);
    else if (packet === '2') this.socket.send('3');
  }
}

/** What an event carries. */
export const payloadOf = (packet: string): unknown => (JSON.parse(packet.slice(2)) as [string, unknown])[1];

/** Runs `work` for each of `items`, at most `width` at a time; results in the order of the items. */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> => {
  const results = new Array<Result>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as Item, index);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
};
