import type { RoomFilter, RoomQuery, RoomSort } from '../../../src/contract/inbox.js';
import type { StaffRoom, StaffRoomState } from '../../../src/contract/room.js';

/** The rooms of one list, as far as they were read. Another object after every change. */
interface ListValue {
  rooms: readonly StaffRoom[];
  hasMore: boolean;
  isLoading: boolean;
  /** Why the last reading failed. */
  error: Error | null;
}

/** Reads a page. @throws Error */
export type ReadPage = (query: RoomQuery & { q?: string; cursor?: string; limit: number }) => Promise<{
  items: StaffRoom[];
  nextCursor: string | null;
}>;

const PAGE = 50;
const LARGEST_PAGE = 200;
/** Orders that only the server knows are asked for again so long after a change. */
const SETTLE_MS = 800;

const isAmong = (wanted: string | undefined, value: string): boolean => wanted === undefined || wanted.split(',').includes(value);

/** Whether a room belongs into a list. */
export const fits = (
  { status, priority, assignee, label, teamId, customerId }: RoomFilter,
  room: StaffRoomState,
  userId: string,
): boolean => {
  const holder = room.assignee?.id ?? 'none';
  return (
    isAmong(status, room.status) &&
    isAmong(priority, room.priority) &&
    (assignee === undefined || holder === (assignee === 'me' ? userId : assignee)) &&
    (label === undefined || room.labels.includes(label)) &&
    (teamId === undefined || room.teamId === teamId) &&
    (customerId === undefined || room.customer.id === customerId)
  );
};

/** What the reader has not read, told from what it was before and what has come. */
export const unreadAfter = (before: StaffRoom | undefined, after: StaffRoomState, userId: string): number => {
  const read = after.marks.find((mark) => mark.userId === userId)?.readSeq ?? 0;
  if (after.lastSeq <= read || after.lastMessage?.sender.id === userId) return 0;
  if (!before) return after.lastMessage ? 1 : 0;
  const isNew = after.lastMessage !== null && after.lastMessage.seq > (before.lastMessage?.seq ?? 0);
  return before.unread + (isNew ? 1 : 0);
};

/** A list of rooms, kept up to date by what the server tells of each room. */
export class RoomList {
  private now: ListValue = { rooms: [], hasMore: false, isLoading: true, error: null };
  private readonly listeners = new Set<() => void>();
  private cursor: string | null = null;
  private reading: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly query: RoomQuery & { q?: string },
    /** What a saved view asks for; with a text to look for nothing is added by itself. */
    private readonly filter: RoomFilter | null,
    private readonly sort: RoomSort,
    private readonly userId: string,
    private readonly read: ReadPage,
  ) {}

  get value(): ListValue {
    return this.now;
  }

  readonly on = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  };

  /** Whether anybody looks at it. */
  get isWatched(): boolean {
    return this.listeners.size > 0;
  }

  /** Reads what is there now, as far as it was read before. */
  refresh(): Promise<void> {
    this.reading ??= this.readAgain().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Reads the next page. */
  more(): Promise<void> {
    if (this.cursor === null) return Promise.resolve();
    this.reading ??= this.readMore(this.cursor).finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** The server tells how a room is now. */
  apply(room: StaffRoomState): void {
    const { rooms } = this.now;
    const at = rooms.findIndex(({ id }) => id === room.id);
    const before = rooms[at];
    if (this.filter === null || !fits(this.filter, room, this.userId)) {
      if (before && this.filter !== null) this.show({ rooms: rooms.filter(({ id }) => id !== room.id) });
      return;
    }
    const after: StaffRoom = { ...room, unread: unreadAfter(before, room, this.userId), queuePosition: before?.queuePosition ?? null };
    if (this.sort === 'newest' && before?.updatedAt !== after.updatedAt) {
      this.show({ rooms: [after, ...rooms.filter(({ id }) => id !== room.id)] });
      return;
    }
    this.show({ rooms: before ? rooms.with(at, after) : [...rooms, after] });
    if (this.sort !== 'newest') this.settle();
  }

  remove(roomId: string): void {
    if (this.now.rooms.some(({ id }) => id === roomId)) this.show({ rooms: this.now.rooms.filter(({ id }) => id !== roomId) });
  }

  /** Everything there was read. */
  markRead(roomId: string): void {
    const at = this.now.rooms.findIndex(({ id, unread }) => id === roomId && unread > 0);
    const room = this.now.rooms[at];
    if (room) this.show({ rooms: this.now.rooms.with(at, { ...room, unread: 0 }) });
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  private async readAgain(): Promise<void> {
    const wanted = this.now.rooms.length;
    const rooms: StaffRoom[] = [];
    let cursor: string | null = null;
    try {
      do {
        const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, wanted - rooms.length));
        const page: Awaited<ReturnType<ReadPage>> = await this.read({ ...this.query, limit, ...(cursor !== null && { cursor }) });
        rooms.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && rooms.length < wanted);
      this.cursor = cursor;
      this.show({ rooms, hasMore: cursor !== null, isLoading: false, error: null });
    } catch (error) {
      this.show({ isLoading: false, error: error as Error });
    }
  }

  private async readMore(cursor: string): Promise<void> {
    this.show({ isLoading: true });
    try {
      const { items, nextCursor } = await this.read({ ...this.query, limit: LARGEST_PAGE, cursor });
      const known = new Set(this.now.rooms.map(({ id }) => id));
      this.cursor = nextCursor;
      this.show({
        rooms: [...this.now.rooms, ...items.filter(({ id }) => !known.has(id))],
        hasMore: nextCursor !== null,
        isLoading: false,
        error: null,
      });
    } catch (error) {
      this.show({ isLoading: false, error: error as Error });
    }
  }

  private show(change: Partial<ListValue>): void {
    this.now = { ...this.now, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
