import { withFurthestMarks } from '../sdk/src/marker.js';
import type { StaffRoom } from '../src/contract/room.js';

const room = (readSeq: number, epoch = 'first'): StaffRoom => {
  const marks = [{ userId: 'gwen', deliveredSeq: 5, readSeq }];
  return { id: 'room', epoch, marks, internalMarks: marks } as StaffRoom;
};

describe('what the client knows of marks', () => {
  it('goes on, never back, whichever of two answers comes last', () => {
    expect(withFurthestMarks(room(4), room(2))).toEqual(room(4));
    expect(withFurthestMarks(room(2), room(4))).toEqual(room(4));
    expect(withFurthestMarks(null, room(2))).toEqual(room(2));
  });

  it('goes back with the server when that was restored from a backup', () => {
    expect(withFurthestMarks(room(4), room(2, 'second'))).toEqual(room(2, 'second'));
  });
});
