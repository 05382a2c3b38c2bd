import type { Count, Id } from './scalar.js';

/** The next words of an answer that a machine writes. What was written before this turn came to an end or was given up counts for nothing. */
export interface DeltaEvent {
  roomId: Id;
  /** Names the answer: where the public stream stood when it was begun. */
  turn: Count;
  /** To be put behind what was heard of this turn before. */
  text: string;
}

/** How a text is to sound. */
export const TONES = ['clear', 'friendly', 'formal', 'short'] as const;
export type Tone = (typeof TONES)[number];

/** What a machine proposes to whoever asked it. It is sent to nobody. */
export interface AiText {
  /** Null when it has nothing to propose. */
  text: string | null;
  /** What that has used. */
  tokens: Count;
}

/** What the machine of a business did on a day, in UTC. */
export interface AiUsage {
  /** @format date */
  date: string;
  /** Answers that customers got. */
  replies: Count;
  /** Rooms that it left to people. */
  handOvers: Count;
  /** Answers that came too late, which staff were shown instead. */
  lateReplies: Count;
  /** Texts that staff asked for. */
  helps: Count;
  tokens: Count;
}

/** The days on which it did something, the oldest first. */
export interface AiUsageReport {
  total: Omit<AiUsage, 'date'>;
  perDay: AiUsage[];
}
