import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { bodyOf } from '@parley/client';
import type { Attendance } from '../../../src/contract/room.js';
import { useDesk } from '../desk.js';

const ASK_EVERY_MS = 10_000;
/** Who scrolls asks once it has come to rest. */
const REST_MS = 400;
/** The most rooms that are asked about at once. */
const MOST = 100;
const NONE: ReadonlyMap<string, Attendance> = new Map();

const byRoom = (items: readonly Attendance[]): ReadonlyMap<string, Attendance> => new Map(items.map((item) => [item.roomId, item]));

/** Who attends to each of these rooms, by its id: asked again every so often while somebody looks at the page. */
export const useAttendance = (roomIds: readonly string[]): ReadonlyMap<string, Attendance> => {
  const { parley, me } = useDesk();
  const [wanted] = useDebouncedValue(roomIds.join(), REST_MS);
  const { data = NONE } = useQuery({
    queryKey: ['attendance', wanted],
    queryFn: async () => {
      const ids = wanted.split(',');
      const parts = Array.from({ length: Math.ceil(ids.length / MOST) }, (_, at) => ids.slice(at * MOST, (at + 1) * MOST).join());
      const answers = await Promise.all(
        parts.map((part) => bodyOf(parley.rest.GET('/api/attendance', { params: { query: { roomIds: part } } }))),
      );
      return answers.flatMap(({ items }) =>
        items.map((item) => ({ ...item, viewers: item.viewers.filter(({ user }) => user.id !== me.id) })),
      );
    },
    select: byRoom,
    enabled: wanted !== '',
    placeholderData: keepPreviousData,
    refetchInterval: ASK_EVERY_MS,
    refetchOnMount: 'always',
    gcTime: ASK_EVERY_MS,
  });
  return data;
};
