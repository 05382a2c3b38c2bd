import { Due } from './due.js';

describe('Due', () => {
  it('gives out a key in the second after its time, earlier ones first, and once', () => {
    const due = new Due();
    due.add('late', 5_001);
    due.add('early', 1_000);
    due.add('early too', 999);
    due.add('twice', 4_000);
    due.add('twice', 4_500);
    expect(due.take(999)).toEqual([]);
    expect(due.take(5_999)).toEqual(['early', 'early too', 'twice', 'twice']);
    expect(due.take(6_000)).toEqual(['late']);
    expect(due.take(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('takes what was due before it was added, and a time beyond any timer', () => {
    const due = new Due();
    due.add('overdue', -5_000);
    due.add('in a year', 31_536_000_000);
    expect(due.take(0)).toEqual(['overdue']);
    expect(due.take(31_535_999_999)).toEqual([]);
    expect(due.take(31_536_000_000)).toEqual(['in a year']);
  });
});
