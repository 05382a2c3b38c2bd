import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';

/** Keeps what must outlive a reload: the tokens, and messages that are not sent yet. */
export interface Store {
  get<Value>(key: string): Promise<Value | undefined>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Those whose keys begin so, in the order of their keys. */
  list<Value>(prefix: string): Promise<[key: string, value: Value][]>;
}

const ordered = <Value>(all: Iterable<[unknown, unknown]>, prefix: string): [string, Value][] =>
  ([...all] as [string, Value][]).filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1));

/** Forgets everything with the page or the process. */
export const memoryStore = (): Store => {
  const kept = new Map<string, unknown>();
  return {
    get: <Value>(key: string) => Promise.resolve(kept.get(key) as Value | undefined),
    set: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(void kept.delete(key)),
    list: <Value>(prefix: string) => Promise.resolve(ordered<Value>(kept, prefix)),
  };
};

const indexedDbStore = (database: UseStore): Store => ({
  get: (key) => get(key, database),
  set: (key, value) => set(key, value, database),
  delete: (key) => del(key, database),
  list: async <Value>(prefix: string) => ordered<Value>(await entries(database), prefix),
});

/** IndexedDB where the browser has it and allows it, else memory; `isLasting` tells which one it is. */
export const openStore = async (name = 'parley'): Promise<{ store: Store; isLasting: boolean }> => {
  try {
    const store = indexedDbStore(createStore(name, 'kept'));
    await store.set('probe', true);
    return { store, isLasting: true };
  } catch {
    return { store: memoryStore(), isLasting: false };
  }
};
