import { useHotkeys } from '@mantine/hooks';
import type { RoomAction } from './room/actions.js';
import { createStore, useStore } from './store.js';

/** What can be done with the room that is open. */
export const roomActions = createStore<readonly RoomAction[]>([]);

/** Keys that work wherever nothing is being written. */
export const useCommands = (open: (what: 'palette' | 'keys') => void): void => {
  const actions = useStore(roomActions);
  const keys = (): void => open('keys');
  useHotkeys([
    ['mod+K', () => open('palette')],
    // With or without Shift, as keyboards differ.
    ['shift+?', keys],
    ['?', keys],
    ...actions.flatMap(({ keys: key, run }): [string, () => void][] => (key === undefined ? [] : [[key, run]])),
  ]);
};
