const held = new Map<string, Promise<unknown>>();

/**
 * Does work that one at a time may do: over all tabs where the browser has Web Locks, else within this one.
 * @throws Whatever the work throws.
 */
export const withLock = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
  // Only pages that came over TLS, or from this machine, have it.
  const { locks } = (globalThis as { navigator?: { locks?: LockManager } }).navigator ?? {};
  if (locks) {
    try {
      return await locks.request(name, work);
    } catch (error) {
      // A frame that may store nothing may lock nothing either.
      if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error;
    }
  }
  const before = held.get(name) ?? Promise.resolve();
  const turn = before.then(work, work);
  held.set(name, turn);
  try {
    return await turn;
  } finally {
    if (held.get(name) === turn) held.delete(name);
  }
};
