import type { StaffRoom } from '../src/contract/room.js';
import { fits, RoomList, unreadAfter, type ReadPage } from '../web/console/inbox/room-list.js';

const ME = 'me';
let clock = 0;

const room = (id: string, change: object = {}): StaffRoom =>
  ({
    id,
    status: 'open',
    priority: 'normal',
    assignee: null,
    labels: [],
    teamId: null,
    customer: { id: `customer of ${id}` },
    marks: [],
    lastSeq: 0,
    lastMessage: null,
    unread: 0,
    queuePosition: null,
    updatedAt: String(++clock),
    ...change,
  }) as unknown as StaffRoom;
const message = (seq: number, senderId: string): object => ({ lastSeq: seq, lastMessage: { seq, sender: { id: senderId } } });
const ids = (list: RoomList): string => list.value.rooms.map(({ id }) => id).join(' ');

describe('a list of rooms', () => {
  const pages = (...all: StaffRoom[][]): ReadPage => {
    let at = 0;
    return () => Promise.resolve({ items: all[at] ?? [], nextCursor: ++at < all.length ? String(at) : null });
  };
  const listOf = async (
    read: ReadPage,
    sort: 'newest' | 'waiting' = 'newest',
    filter: object | null = { status: 'open' },
  ): Promise<RoomList> => {
    const list = new RoomList({}, filter, sort, ME, read);
    await list.refresh();
    return list;
  };

  it('puts what has happened last on top, and takes out what belongs there no longer', async () => {
    const list = await listOf(pages([room('a'), room('b'), room('c')]));
    list.apply(room('c'));
    expect(ids(list)).toBe('c a b');
    list.apply(room('d'));
    expect(ids(list)).toBe('d c a b');
    list.apply(room('a', { status: 'closed' }));
    list.remove('b');
    expect(ids(list)).toBe('d c');
  });

  it('leaves the order to the server where only that one knows it', async () => {
    const list = await listOf(pages([room('a'), room('b')]), 'waiting');
    list.apply(room('b'));
    list.apply(room('c'));
    expect(ids(list)).toBe('a b c');
  });

  it('adds nothing by itself to what was looked for', async () => {
    const list = await listOf(pages([room('a')]), 'newest', null);
    list.apply(room('b'));
    list.apply(room('a', { status: 'closed' }));
    expect(ids(list)).toBe('a');
  });

  it('reads page after page, and no room twice', async () => {
    const list = await listOf(pages([room('a'), room('b')], [room('b'), room('c')]));
    expect(list.value.hasMore).toBe(true);
    await Promise.all([list.more(), list.more()]);
    expect([ids(list), list.value.hasMore]).toEqual(['a b c', false]);
  });

  it('says when it could not be read, and keeps what it has', async () => {
    let isUp = true;
    const list = await listOf(() => (isUp ? Promise.resolve({ items: [room('a')], nextCursor: 'x' }) : Promise.reject(new Error('down'))));
    isUp = false;
    await list.more();
    expect([ids(list), list.value.error?.message]).toEqual(['a', 'down']);
  });

  it('counts what others said since it was read', () => {
    const before = room('a', { ...message(3, 'guest'), unread: 1 });
    expect(unreadAfter(before, room('a', message(4, 'guest')), ME)).toBe(2);
    expect(unreadAfter(before, room('a', message(3, 'guest')), ME)).toBe(1);
    expect(unreadAfter(before, room('a', message(4, ME)), ME)).toBe(0);
    expect(unreadAfter(before, room('a', { ...message(4, 'guest'), marks: [{ userId: ME, readSeq: 4 }] }), ME)).toBe(0);
    expect(unreadAfter(undefined, room('a', message(1, 'guest')), ME)).toBe(1);
    expect(unreadAfter(undefined, room('a'), ME)).toBe(0);
  });

  it.each([
    [{ assignee: 'me' }, { assignee: { id: ME } }, true],
    [{ assignee: 'me' }, { assignee: { id: 'robin' } }, false],
    [{ assignee: 'none' }, {}, true],
    [{ status: 'open,pending' }, { status: 'pending' }, true],
    [{ status: 'open,pending' }, { status: 'closed' }, false],
    [{ label: 'VIP', priority: 'high' }, { labels: ['VIP'], priority: 'high' }, true],
    [{ label: 'VIP' }, { labels: ['Refund'] }, false],
    [{ teamId: 't' }, { teamId: 't' }, true],
    [{ customerId: 'customer of x' }, {}, true],
  ])('%j of %j: %s', (filter, change, isIn) => {
    expect(fits(filter, room('x', change), ME)).toBe(isIn);
  });
});
