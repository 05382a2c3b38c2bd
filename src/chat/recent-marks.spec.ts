import type { DomainEventMap } from '../contract/domain-events.js';
import type { Mark, StaffRoomState } from '../contract/room.js';
import { RecentMarks } from './recent-marks.js';

type Marked = DomainEventMap['room.marked'];

const marked = (deliveredSeq: number, readSeq: number, changes: Partial<Marked> = {}): Marked => ({
  roomId: 'room',
  stream: 'public',
  userId: 'gwen',
  deliveredSeq,
  readSeq,
  isCustomerVisible: true,
  ...changes,
});

describe('RecentMarks', () => {
  let marks: RecentMarks;
  const known: Mark[] = [{ userId: 'gwen', deliveredSeq: 3, readSeq: 2 }];
  const read = (id = 'room'): Pick<StaffRoomState, 'marks' | 'internalMarks'> => {
    const { marks: open, internalMarks } = marks.within({ id, marks: known, internalMarks: [] as Mark[] } as StaffRoomState);
    return { marks: open, internalMarks };
  };

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    marks = new RecentMarks();
  });
  afterEach(() => jest.useRealTimers());

  it('lets no event go behind one before it, of the same person and stream', () => {
    const { isCustomerVisible: _, ...told } = marked(5, 4);
    expect(marks.note(marked(5, 4))).toEqual(told);
    expect(marks.note(marked(5, 1))).toEqual(told);
    expect(marks.note(marked(6, 1))).toEqual({ ...told, deliveredSeq: 6 });
    expect(marks.note(marked(1, 1, { stream: 'internal' }))).toMatchObject({ deliveredSeq: 1, readSeq: 1 });
    expect(marks.note(marked(1, 1, { userId: 'ada' }))).toMatchObject({ deliveredSeq: 1, readSeq: 1 });
    expect(marks.note(marked(1, 1, { roomId: 'other' }))).toMatchObject({ deliveredSeq: 1, readSeq: 1 });
  });

  it('puts what was told into a view that was read before, for ten seconds at least and not for ever', () => {
    const ahead = [{ userId: 'gwen', deliveredSeq: 3, readSeq: 3 }];
    marks.note(marked(3, 3));
    marks.note(marked(7, 7, { stream: 'internal', userId: 'ada', isCustomerVisible: false }));
    expect(read()).toEqual({ marks: ahead, internalMarks: [{ userId: 'ada', deliveredSeq: 7, readSeq: 7 }] });
    expect(read('other')).toEqual({ marks: known, internalMarks: [] });
    jest.advanceTimersByTime(10_000);
    expect(read().marks).toEqual(ahead);
    jest.advanceTimersByTime(10_000);
    expect(read().marks).toEqual(known);
  });

  it('tells a customer nothing of how far staff got, but of those whom it knows', () => {
    marks.note(marked(3, 3, { userId: 'ada', isCustomerVisible: false }));
    marks.note(marked(3, 3, { userId: 'bea' }));
    const { marks: seen } = marks.within({ id: 'room', marks: known } as StaffRoomState);
    expect(seen).toEqual([...known, { userId: 'bea', deliveredSeq: 3, readSeq: 3 }]);
  });
});
