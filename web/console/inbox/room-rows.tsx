import { useHotkeys } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { nameOf, useDesk } from '../desk.js';
import { ListEnd } from '../list-end.js';
import { useStore } from '../store.js';
import { useAttendance } from './attendance.js';
import { BulkBar } from './bulk-bar.js';
import type { Go } from './place.js';
import { RoomRow, useNow } from './room-row.js';
import type { Wanted } from './room-lists.js';

const ROW = 84;
/** So many rows before the end the next page is asked for. */
const AHEAD = 10;

const toggled = (all: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set(all.has(id) ? [...all].filter((one) => one !== id) : [...all, id]);

interface RoomRowsProps {
  title: string;
  wanted: Wanted;
  go: Go;
}

/** Rooms as a list that shows only what is in sight, however many there are. */
export const RoomRows = ({ title, wanted, go }: RoomRowsProps): ReactNode => {
  const { t } = useTranslation();
  const { lists } = useDesk();
  const list = useMemo(() => lists.of(wanted), [lists, wanted]);
  const { rooms, hasMore, isLoading, error } = useStore(list);
  const box = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  const chosen = /\/rooms\/([\w-]+)/.exec(pathname)?.[1];
  const rows = useVirtualizer({
    count: rooms.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
    getItemKey: (at) => rooms[at]?.id ?? at,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setSelected(new Set()), [list]);
  // Nothing is done to what has left the list, such as a room that a colleague has taken.
  const marked = useMemo(() => rooms.filter(({ id }) => selected.has(id)), [rooms, selected]);
  const now = useNow();
  const step = (by: number): void => {
    const at = rooms.findIndex(({ id }) => id === chosen);
    const to = rooms[at < 0 ? 0 : at + by];
    if (!to) return;
    rows.scrollToIndex(rooms.indexOf(to));
    go(to.id);
  };
  useHotkeys(
    [
      ['alt+J', () => step(1)],
      ['alt+K', () => step(-1)],
    ],
    [],
  );
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const attendance = useAttendance(items.flatMap(({ index }) => rooms[index]?.id ?? []));
  useEffect(() => {
    if (hasMore && !isLoading && last >= rooms.length - AHEAD) void list.more();
  }, [list, hasMore, isLoading, last, rooms.length]);

  // What comes in above does not move what is being read.
  const seen = useRef<{ id: string; at: number } | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const before = seen.current;
    if (!element || !before || element.scrollTop < ROW) return;
    const at = rooms.findIndex(({ id }) => id === before.id);
    if (at >= 0 && at !== before.at) element.scrollTop += (at - before.at) * ROW;
  }, [rooms]);
  useEffect(() => {
    const at = Math.ceil((box.current?.scrollTop ?? 0) / ROW);
    const room = rooms[at];
    seen.current = room ? { id: room.id, at } : null;
  });

  // What follows is asked for by scrolling.
  const end = {
    ...{ items: rooms, isPending: isLoading, isFetching: isLoading, error, hasMore: false },
    ...{ more: () => void list.more(), again: () => void list.refresh() },
  };
  return (
    <>
      {marked.length > 0 && (
        <BulkBar
          rooms={marked}
          onChoose={(ids) => setSelected(new Set(ids))}
          onAll={() => setSelected(new Set(rooms.map(({ id }) => id)))}
        />
      )}
      <div className="console-rows" ref={box} onScroll={() => (seen.current = null)}>
        <div role="list" aria-label={title} style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start, key }) => {
            const room = rooms[index];
            return (
              room && (
                <div
                  key={key}
                  role="listitem"
                  aria-setsize={hasMore ? -1 : rooms.length}
                  aria-posinset={index + 1}
                  style={{ position: 'absolute', insetInline: 0, height: ROW, transform: `translateY(${start}px)` }}
                >
                  <input
                    type="checkbox"
                    className="room-choice"
                    data-shown={marked.length > 0}
                    aria-label={t('bulk.choose', { name: nameOf(room.customer, t('guest')) })}
                    checked={selected.has(room.id)}
                    onChange={() => setSelected(toggled(selected, room.id))}
                  />
                  <RoomRow room={room} attendance={attendance.get(room.id)} isChosen={room.id === chosen} now={now} onChoose={go} />
                </div>
              )
            );
          })}
        </div>
        <ListEnd pages={end} empty={t(wanted.q === undefined ? 'listEmpty' : 'listNothingFoundHere')} />
      </div>
    </>
  );
};
