import type { Socket } from 'node:net';

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

/**
 * Lets all frames that one turn of the event loop writes to a connection leave as one: a commit answers and tells many
 * messages at once, several of them often to the same client. A write is called done when it is held, because Socket.IO
 * holds the next frame back until then; a connection whose buffer is full makes it wait again.
 */
export const coalesceWrites = (connection: Socket): void => {
  const write = connection.write.bind(connection) as (chunk: Chunk, ...rest: unknown[]) => boolean;
  const end = connection.end.bind(connection) as (...rest: unknown[]) => Socket;
  const destroy = connection.destroy.bind(connection);
  let held: Chunk[] = [];
  let size = 0;
  const release = (): boolean => {
    const chunks = held;
    const total = size;
    held = [];
    size = 0;
    if (chunks.length === 0 || connection.destroyed) return true;
    return write(chunks.length === 1 ? (chunks[0] as Chunk) : join(chunks, total));
  };
  connection.write = (chunk: Chunk, ...rest: unknown[]): boolean => {
    if (!connection.writable || connection.writableNeedDrain) return write(chunk, ...rest);
    if (held.length === 0) process.nextTick(release);
    held.push(chunk);
    size += sizeOf(chunk);
    const hasRoom = size < connection.writableHighWaterMark || release();
    const done = rest.at(-1);
    if (typeof done === 'function') (done as Done)();
    return hasRoom;
  };
  connection.end = (...rest: unknown[]): Socket => {
    release();
    return end(...rest);
  };
  // A handshake that is refused is destroyed right after its answer.
  connection.destroy = (error?: Error): Socket => {
    release();
    return destroy(error);
  };
};
