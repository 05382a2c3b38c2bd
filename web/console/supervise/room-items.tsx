import { Button, Text } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../desk.js';
import { LoadFault } from '../load-fault.js';
import { useAttendance } from '../inbox/attendance.js';
import type { Wanted } from '../inbox/room-lists.js';
import { useNow } from '../inbox/room-row.js';
import { useStore } from '../store.js';
import { RoomItem } from './room-item.js';
import { Loading } from '../loading.js';

/** Rooms below each other, as they are now. */
export const RoomItems = ({ title, wanted, empty }: { title: string; wanted: Wanted; empty: string }): ReactNode => {
  const { t } = useTranslation();
  const { lists } = useDesk();
  const list = useMemo(() => lists.of(wanted), [lists, wanted]);
  const { rooms, hasMore, isLoading, error } = useStore(list);
  const now = useNow();
  const attendance = useAttendance(rooms.map(({ id }) => id));
  return (
    <>
      {error && <LoadFault onRetry={() => void list.refresh()} />}
      {!error && !isLoading && rooms.length === 0 && (
        <Text c="dimmed" size="sm" py="xs">
          {empty}
        </Text>
      )}
      {rooms.length > 0 && (
        <ul className="watched-rooms" aria-label={title}>
          {rooms.map((room) => (
            <RoomItem key={room.id} room={room} attendance={attendance.get(room.id)} now={now} />
          ))}
        </ul>
      )}
      {isLoading && <Loading size="sm" />}
      {hasMore && !isLoading && (
        <Button size="xs" variant="light" mt="xs" onClick={() => void list.more()}>
          {t('more')}
        </Button>
      )}
    </>
  );
};
