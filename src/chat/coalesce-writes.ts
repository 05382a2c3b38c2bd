import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;
type Chunk = Uint8Array | string;

const SLAB_SIZE = 32 * 1024;
/** Where small writes are joined, one after the other. A part that was handed out is never written again. */
let slab = Buffer.allocUnsafeSlow(SLAB_SIZE);
let used = 0;

const sizeOf = (chunk: Chunk): number => (typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length);

const spaceFor = (size: number): Buffer => {
  if (size > SLAB_SIZE / 4) return Buffer.allocUnsafeSlow(size);
  if (used + size > SLAB_SIZE) {
    slab = Buffer.allocUnsafeSlow(SLAB_SIZE);
    used = 0;
  }
  const space = slab.subarray(used, used + size);
  used += size;
  return space;
};

const join = (chunks: Chunk[], size: number): Buffer => {
  const space = spaceFor(size);
  let at = 0;
  for (const chunk of chunks) {
    if (typeof chunk === 'string') at += space.write(chunk, at);
    else {
      space.set(chunk, at);
      at += chunk.length;
    }
  }
  return space;
};

/** A connection with what its turn of the event loop has written. All share these methods: a closure would be one for each of them. */
interface Coalescing extends Socket {
  [HELD]: Chunk[] | undefined;
  [SIZE]: number;
}

const HELD = Symbol('held');
const SIZE = Symbol('size of what is held');
const { write: writeNow, end: endNow, destroy: destroyNow } = Socket.prototype;

/** Those that hold something in this turn. */
let holders: Coalescing[] = [];

const release = (connection: Coalescing): boolean => {
  const { [HELD]: chunks, [SIZE]: size } = connection;
  connection[HELD] = undefined;
  connection[SIZE] = 0;
  if (!chunks || connection.destroyed) return true;
  return writeNow.call(connection, chunks.length === 1 ? (chunks[0] as Chunk) : join(chunks, size));
};

/** The last first: what was committed is told to many, and then answered to the one who waits for it. */
const releaseAll = (): void => {
  const all = holders.reverse();
  holders = [];
  for (const connection of all) release(connection);
};

const coalescing = {
  [HELD]: undefined,
  [SIZE]: 0,

  write(this: Coalescing, chunk: Chunk, ...rest: unknown[]): boolean {
    if (!this.writable || this.writableNeedDrain) return Reflect.apply(writeNow, this, [chunk, ...rest]) as boolean;
    if (this[HELD]) this[HELD].push(chunk);
    else {
      this[HELD] = [chunk];
      if (holders.push(this) === 1) process.nextTick(releaseAll);
    }
    this[SIZE] += sizeOf(chunk);
    const hasRoom = this[SIZE] < this.writableHighWaterMark || release(this);
    const done = rest.at(-1);
    if (typeof done === 'function') (done as Done)();
    return hasRoom;
  },

  // The WebSocket library ends it again when the other side has, and Node makes an error with its stack for that, which nobody hears.
  end(this: Coalescing, ...rest: unknown[]): Socket {
    if (this.writableEnded && rest.length === 0) return this;
    release(this);
    return Reflect.apply(endNow, this, rest) as Socket;
  },

  // A handshake that is refused is destroyed right after its answer.
  destroy(this: Coalescing, error?: Error): Socket {
    release(this);
    return destroyNow.call(this, error);
  },
};

/**
 * Lets all frames that one turn of the event loop writes to a connection leave as one: a commit answers and tells many
 * messages at once, several of them often to the same client. A write is called done when it is held, because Socket.IO
 * holds the next frame back until then; a connection whose buffer is full makes it wait again.
 */
export const coalesceWrites = (connection: Socket): void => void Object.assign(connection, coalescing);
