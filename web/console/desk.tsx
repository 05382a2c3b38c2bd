import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { bodyOf, type Parley, type ConnectionState, type LiveRoom, type RoomSnapshot } from '@parley/client';
import type { AgentMe } from '../../src/contract/user.js';
import { RoomLists } from './inbox/room-lists.js';
import { OwnPresence } from './own-presence.js';
import { Drafts } from './room/drafts.js';

/** What everything in the console stands on. */
export interface Desk {
  parley: Parley;
  me: AgentMe;
  /** Shows everywhere what has become of oneself. */
  setMe: (me: AgentMe) => void;
  lists: RoomLists;
  presence: OwnPresence;
  drafts: Drafts;
  /** Signs out here and on the server. */
  leave: () => Promise<void>;
}

const DeskContext = createContext<Desk | null>(null);

export const useDesk = (): Desk => {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('Nobody is signed in');
  return desk;
};

/** The desk as it is opened. */
export type OpenDesk = Omit<Desk, 'setMe'>;

export const DeskProvider = ({ desk, children }: { desk: OpenDesk; children: ReactNode }): ReactNode => {
  const [me, setMe] = useState(desk.me);
  const value = useMemo(() => ({ ...desk, me, setMe }), [desk, me]);
  return <DeskContext value={value}>{children}</DeskContext>;
};

/**
 * Who is signed in, as the server knows it now.
 * @throws ParleyError `auth.second_factor_required` for whoever may do nothing but set one up.
 */
export const openDesk = async (parley: Parley, leave: () => Promise<void>): Promise<OpenDesk> => {
  // One's own account is there for everybody who is signed in; the business tells whether anything else is.
  const [me] = await Promise.all([bodyOf(parley.rest.GET('/api/auth/me')) as Promise<AgentMe>, bodyOf(parley.rest.GET('/api/business'))]);
  parley.connect();
  return {
    parley,
    me,
    lists: new RoomLists(parley, me.id),
    presence: new OwnPresence(parley.connection),
    drafts: new Drafts(parley.rest),
    leave,
  };
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
