import type { Parley } from '@parley/client';

interface RoomNews {
  /** As if something had happened now. */
  note: () => void;
  end: () => void;
}

/** Runs something a while after rooms have changed, once for all that happens until then, however much goes on. */
export const followRooms = ({ connection }: Parley, afterMs: number, run: () => void): RoomNews => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const note = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, afterMs);
  };
  const ends = [
    connection.on('room.created', note),
    connection.on('room.updated', note),
    connection.on('room.removed', note),
    connection.on('state', ({ status }) => {
      // What happened meanwhile was told to nobody here.
      if (status === 'online') note();
    }),
  ];
  return {
    note,
    end: () => {
      clearTimeout(timer);
      for (const end of ends) end();
    },
  };
};
