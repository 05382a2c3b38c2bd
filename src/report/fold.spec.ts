import { beginning, fold, type Line, type Milestone } from './fold.js';

const [ALEX, BO, GWEN] = ['alex', 'bo', 'gwen'];

/** At second `seq * 10`, unless another is given. */
const line = (seq: number, more: Partial<Line>, second = seq * 10): Line => ({
  seq,
  at: second * 1000,
  activity: null,
  assigneeId: null,
  senderId: null,
  by: 'other',
  ...more,
});
const asks = (seq: number): Line => line(seq, { by: 'customer', senderId: GWEN });
const says = (seq: number, senderId = ALEX): Line => line(seq, { by: 'staff', senderId });
const bot = (seq: number): Line => line(seq, {});
const does = (seq: number, activity: string, assigneeId: string | null = null): Line => line(seq, { activity, assigneeId });

const told = (milestones: Milestone[]): string[] =>
  milestones.map(({ seq, kind, agentId, ms }) => [seq, kind, agentId, ms === null ? '' : `${ms / 1000} s`].filter(Boolean).join(' '));
const count = (...lines: Line[]): string[] => told(fold(beginning(0), lines).milestones);

describe('C17 what reports count of a room', () => {
  it('a response is the first message of a person after the first of the customer', () => {
    expect(count(says(1), asks(2), asks(3), bot(4), says(5), says(6, BO))).toEqual(['5 responded alex 30 s']);
    expect(count(says(1), bot(2))).toEqual([]);
    expect(count(asks(1), bot(2), does(3, 'ended'))).toEqual(['3 closed 30 s']);
  });

  it('a wait ends with the first agent; each agent that the room comes to is counted once in a row', () => {
    const lines = [does(1, 'assigned', ALEX), does(2, 'assigned', ALEX), does(3, 'unassigned'), does(4, 'assigned', BO)];
    expect(count(...lines, does(5, 'transferred', ALEX), does(6, 'transferred'))).toEqual([
      '1 assigned alex 10 s',
      '4 assigned bo',
      '5 assigned alex',
    ]);
  });

  it('closing counts for who has the room, reopening starts anew, and neither counts twice', () => {
    expect(
      count(
        ...[asks(1), does(2, 'assigned', ALEX), says(3), does(4, 'closed'), does(5, 'closed')],
        ...[does(6, 'reopened', ALEX), does(7, 'reopened', ALEX), says(8), asks(9), says(10, BO), does(11, 'ended')],
        ...[does(12, 'reopened'), does(13, 'assigned', BO)],
      ),
    ).toEqual([
      ...['2 assigned alex 20 s', '3 responded alex 20 s', '4 closed alex 40 s'],
      ...['6 opened', '6 assigned alex', '10 responded bo 10 s', '11 closed alex 50 s'],
      ...['12 opened', '13 assigned bo 10 s'],
    ]);
  });

  it('passes over what it does not know, and over clocks that went back', () => {
    expect(count(does(1, 'ai_enabled'), { ...asks(2), at: 5_000 }, { ...says(3), at: 4_000 })).toEqual(['3 responded alex 0 s']);
  });

  it('comes to the same in one go and in any pieces', () => {
    const lines = [
      asks(1),
      does(2, 'assigned', ALEX),
      says(3),
      does(4, 'closed'),
      does(5, 'reopened'),
      asks(6),
      says(7, BO),
      does(8, 'ended'),
    ];
    const whole = fold(beginning(0), lines);
    for (let size = 1; size < lines.length; size++) {
      let progress = beginning(0);
      const milestones: Milestone[] = [];
      for (let from = 0; from < lines.length; from += size) {
        const step = fold(progress, lines.slice(from, from + size));
        progress = step.progress;
        milestones.push(...step.milestones);
      }
      expect({ progress, milestones }).toEqual(whole);
    }
  });
});
