import { useSyncExternalStore } from 'react';

/** One value that parts of the page share. */
interface Store<T> {
  readonly value: T;
  set(value: T): void;
  on(changed: () => void): () => void;
}

export const createStore = <T>(first: T): Store<T> => {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get value() {
      return value;
    },
    set: (next) => {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    on: (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
};

/** Anything that tells when its value has changed. */
export const useStore = <T>(store: Pick<Store<T>, 'value' | 'on'>): T =>
  useSyncExternalStore(
    (changed) => store.on(changed),
    () => store.value,
  );
