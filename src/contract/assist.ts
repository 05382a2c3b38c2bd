import type { Count, Id } from './scalar.js';

/** The next words of an answer that a machine writes. What was written before this turn came to an end or was given up counts for nothing. */
export interface DeltaEvent {
  roomId: Id;
  /** Names the answer: where the public stream stood when it was begun. */
  turn: Count;
  /** To be put behind what was heard of this turn before. */
  text: string;
}
