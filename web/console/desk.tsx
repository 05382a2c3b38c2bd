import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { bodyOf, type Parley, type ConnectionState, type LiveRoom, type RoomSnapshot } from '@parley/client';
import type { AgentMe } from '../../src/contract/user.js';
import { RoomLists } from './inbox/room-lists.js';

/** What everything in the console stands on. */
export interface Desk {
  parley: Parley;
  me: AgentMe;
  lists: RoomLists;
  /** Signs out here and on the server. */
  leave: () => Promise<void>;
}

const DeskContext = createContext<Desk | null>(null);

export const useDesk = (): Desk => {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('Nobody is signed in');
  return desk;
};

export const DeskProvider = ({ desk, children }: { desk: Desk; children: ReactNode }): ReactNode => (
  <DeskContext value={desk}>{children}</DeskContext>
);

/** Who is signed in, as the server knows it now. @throws ParleyError */
export const openDesk = async (parley: Parley, leave: () => Promise<void>): Promise<Desk> => {
  const me = (await bodyOf(parley.rest.GET('/api/auth/me'))) as AgentMe;
  parley.connect();
  return { parley, me, lists: new RoomLists(parley, me.id), leave };
};

export const useConnection = (): ConnectionState => {
  const { parley } = useDesk();
  return useSyncExternalStore(
    (changed) => parley.connection.on('state', changed),
    () => parley.connection.state,
  );
};

/** Follows a room while it is shown. */
export const useRoom = (roomId: string): { live: LiveRoom; snapshot: RoomSnapshot } | undefined => {
  const { parley } = useDesk();
  const [live, setLive] = useState<LiveRoom>();
  useEffect(() => {
    const followed = parley.room(roomId);
    setLive(followed);
    return () => parley.leave(followed);
  }, [parley, roomId]);
  const snapshot = useSyncExternalStore(
    (changed) => live?.on('change', changed) ?? (() => undefined),
    () => live?.snapshot,
  );
  return live?.id === roomId && snapshot ? { live, snapshot } : undefined;
};

export const nameOf = ({ name, email }: { name: string | null; email?: string | null }, otherwise: string): string =>
  name ?? email ?? otherwise;
