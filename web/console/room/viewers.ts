import { useEffect, useState } from 'react';
import { bodyOf } from '@parley/client';
import type { Viewer } from '../../../src/contract/room.js';
import { useDesk } from '../desk.js';

/** Colleagues who have the room open, and which of them are writing in it. */
export const useViewers = (roomId: string): readonly Viewer[] => {
  const { parley, me } = useDesk();
  const [viewers, setViewers] = useState<readonly Viewer[]>([]);
  useEffect(() => {
    setViewers([]);
    const { connection, rest } = parley;
    const look = (): void => {
      bodyOf(rest.GET('/api/rooms/{roomId}/viewers', { params: { path: { roomId } } })).then(
        ({ items }) => setViewers((items as Viewer[]).filter(({ user }) => user.id !== me.id)),
        // Asked for again at the next change, or with the next connection.
        () => undefined,
      );
    };
    const set = (userId: string, composing: Viewer['composing']): void =>
      setViewers((all) => all.map((viewer) => (viewer.user.id === userId ? { ...viewer, composing } : viewer)));
    const ends = [
      connection.on('state', ({ status }) => {
        if (status === 'online') look();
      }),
      connection.on('room.member_joined', (event) => {
        if (event.roomId === roomId) look();
      }),
      connection.on('room.member_left', (event) => {
        if (event.roomId === roomId) setViewers((all) => all.filter(({ user }) => user.id !== event.user.id));
      }),
      connection.on('typing.started', (event) => {
        if (event.roomId === roomId) set(event.user.id, event.stream);
      }),
      connection.on('typing.stopped', (event) => {
        if (event.roomId === roomId) set(event.user.id, null);
      }),
    ];
    look();
    return () => {
      for (const end of ends) end();
    };
  }, [parley, me.id, roomId]);
  return viewers;
};
