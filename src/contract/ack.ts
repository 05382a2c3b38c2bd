import type { SocketError } from './error-code.js';

/** The one answer to every emit that asks for an ack. `data` is what REST returns as its body. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: SocketError };
