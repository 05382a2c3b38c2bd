import type { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * Lets all frames that one turn of the event loop writes to a connection leave in one system call: a commit answers and
 * tells many messages at once, several of them often to the same client. A write is called done when it is buffered,
 * because Socket.IO holds the next frame back until then; a connection whose buffer is full makes it wait again.
 */
export const coalesceWrites = (connection: Socket): void => {
  const write = connection.write.bind(connection) as (chunk: Uint8Array | string, ...rest: unknown[]) => boolean;
  let isOpen = false;
  let isHeld = false;
  const release = (): void => {
    isHeld = false;
    connection.uncork();
  };
  connection.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    // The answer to the upgrade comes first. A refusal must not wait: the connection is destroyed right after it.
    if (!isOpen || !connection.writable) {
      isOpen = true;
      return write(chunk, ...rest);
    }
    if (!isHeld) {
      isHeld = true;
      connection.cork();
      process.nextTick(release);
    }
    const done = rest.at(-1);
    if (typeof done !== 'function') return write(chunk, ...rest);
    if (connection.writableNeedDrain) return write(chunk, ...rest);
    const hasRoom = write(chunk, ...rest.slice(0, -1));
    (done as Done)();
    return hasRoom;
  };
};
