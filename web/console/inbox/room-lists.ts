import { bodyOf, type Parley } from '@parley/client';
import { STANDARD_VIEWS, type RoomFilter, type RoomQuery, type RoomSort } from '../../../src/contract/inbox.js';
import type { RoomState, StaffRoom, StaffRoomState } from '../../../src/contract/room.js';
import { RoomList, type ReadPage } from './room-list.js';

/** Which rooms, in which order. */
export interface Wanted {
  filter: RoomFilter;
  sort: RoomSort;
  /** A saved view, whose filter and order these are. */
  viewId?: string;
  /** A text to look for. */
  q?: string;
}

/** The lists that everybody has, and what is over. */
export const VIEWS = {
  mine: { filter: STANDARD_VIEWS.mine, sort: 'newest' },
  unassigned: { filter: STANDARD_VIEWS.unassigned, sort: 'newest' },
  queue: { filter: STANDARD_VIEWS.queue, sort: 'waiting' },
  all: { filter: STANDARD_VIEWS.all, sort: 'newest' },
  closed: { filter: { status: 'closed' }, sort: 'newest' },
} as const satisfies Record<string, Wanted>;
export type ViewName = keyof typeof VIEWS;

/** The lists that were looked at, each kept up to date by the same events. */
export class RoomLists {
  private readonly lists = new Map<string, RoomList>();
  private readonly endings: (() => void)[];

  constructor(
    private readonly parley: Parley,
    private readonly userId: string,
  ) {
    const { connection } = parley;
    const apply = (room: RoomState): void => {
      for (const list of this.lists.values()) list.apply(room as StaffRoomState);
    };
    this.endings = [
      connection.on('room.created', apply),
      connection.on('room.updated', apply),
      connection.on('room.removed', ({ roomId }) => {
        for (const list of this.lists.values()) list.remove(roomId);
      }),
      connection.on('state', ({ status }) => {
        // What happened meanwhile was told to nobody here.
        if (status === 'online') for (const list of this.lists.values()) if (list.isWatched) void list.refresh();
      }),
    ];
  }

  /** Follows nothing any more. */
  end(): void {
    for (const end of this.endings) end();
  }

  of(wanted: Wanted): RoomList {
    const key = JSON.stringify(wanted);
    let list = this.lists.get(key);
    if (!list) {
      const { filter, sort, viewId, q } = wanted;
      const query: RoomQuery & { q?: string } = {
        ...(viewId === undefined ? { ...filter, sort } : { view: viewId }),
        ...(q !== undefined && { q }),
      };
      list = new RoomList(query, q === undefined ? filter : null, sort, this.userId, this.read);
      this.lists.set(key, list);
    }
    void list.refresh();
    return list;
  }

  markRead(roomId: string): void {
    for (const list of this.lists.values()) list.markRead(roomId);
  }

  private readonly read: ReadPage = async (query) => {
    const { items, nextCursor } = await bodyOf(this.parley.rest.GET('/api/rooms', { params: { query } }));
    return { items: items as StaffRoom[], nextCursor };
  };
}
