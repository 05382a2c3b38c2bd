import type { Request } from 'express';
import { cutRequest } from '../validation/cut-request.js';

/** How much must come in each window, in bytes: 4 KB a second. */
const WINDOW_MS = 5_000;
const LEAST_BYTES = (4_096 * WINDOW_MS) / 1_000;

/** How long the rest of a refused body may still come, so that its sender reads the answer. */
const LINGER_MS = 2_000;

/**
 * Cuts a connection whose body comes more slowly than 4 KB a second, or holds more than it may in all, a length that was not
 * told or was a lie. The time for all of it is the server's own limit for requests.
 */
export const watchPace = (request: Request, maxBytes: number): void => {
  const { socket } = request;
  const first = socket.bytesRead;
  let before = first;
  // One slow window alone may be the server's own pause.
  let slow = 0;
  const timer = setInterval(() => {
    const came = socket.bytesRead - before;
    before = socket.bytesRead;
    slow = came < LEAST_BYTES ? slow + 1 : 0;
    if (slow < 2 && socket.bytesRead - first <= maxBytes) return;
    clearInterval(timer);
    cutRequest(request);
  }, WINDOW_MS).unref();
  for (const event of ['end', 'close'] as const) request.once(event, () => clearInterval(timer));
};

/** Drops what still comes of a refused body for a moment, then the connection. */
export const endBody = (request: Request): void => {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  for (const event of ['end', 'close'] as const) request.once(event, () => clearTimeout(timer));
  request.resume();
};
