import { Injectable } from '@nestjs/common';
import type { DomainEventMap } from '../contract/domain-events.js';
import { furthestMarks, type CustomerRoomState, type MarkedEvent, type StaffRoomState } from '../contract/room.js';

/** Much longer than rooms are read, or an event is on its way from another node. */
const KEPT_MS = 10_000;

type Marked = DomainEventMap['room.marked'];

/**
 * What sockets were told lately of how far people got, so that nothing told later is behind it: neither an event that came late nor a
 * view of the room that was read before.
 */
@Injectable()
export class RecentMarks {
  /** By the id of the room: those of the present ten seconds, and those of the ten before. */
  private now = new Map<string, Marked[]>();
  private before = new Map<string, Marked[]>();
  private since = 0;

  /** The event as it is told. */
  note(event: Marked): MarkedEvent {
    const { roomId, stream, userId } = event;
    const known = this.of(roomId);
    const isOfSame = (one: Marked): boolean => one.userId === userId && one.stream === stream;
    const [{ deliveredSeq, readSeq }] = furthestMarks(known.filter(isOfSame), [event]) as [Marked];
    this.now.set(roomId, [...known.filter((one) => !isOfSame(one)), { ...event, deliveredSeq, readSeq }]);
    return { roomId, stream, userId, deliveredSeq, readSeq };
  }

  /** The view with the marks that its reader was told. */
  within<View extends CustomerRoomState | StaffRoomState>(view: View): View {
    const told = this.of(view.id);
    if (told.length === 0) return view;
    const ofStream = (stream: string): Marked[] => told.filter((one) => one.stream === stream);
    if ('internalMarks' in view) {
      const internalMarks = furthestMarks(view.internalMarks, ofStream('internal'));
      return { ...view, marks: furthestMarks(view.marks, ofStream('public')), internalMarks };
    }
    const forCustomer = ofStream('public').filter(({ isCustomerVisible }) => isCustomerVisible);
    return { ...view, marks: furthestMarks(view.marks, forCustomer) };
  }

  private of(roomId: string): Marked[] {
    this.age();
    return this.now.get(roomId) ?? this.before.get(roomId) ?? [];
  }

  private age(): void {
    const time = performance.now();
    if (time - this.since < KEPT_MS) return;
    this.before = time - this.since < 2 * KEPT_MS ? this.now : new Map<string, Marked[]>();
    this.now = new Map();
    this.since = time;
  }
}
