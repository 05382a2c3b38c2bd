import type { AiSettings } from '../contract/business.js';

export interface Line {
  by: 'customer' | 'machine' | 'staff';
  text: string;
}

/** What an engine is asked to answer, and all that it is told. */
export interface Question {
  businessId: string;
  businessName: string;
  /** A language tag. */
  locale: string;
  settings: AiSettings;
  /** What the customer said since it was answered last. */
  text: string;
  /** The public talk of the room before that, the oldest first. */
  before: Line[];
  customerName: string | null;
  subject: string | null;
}

/** Why a room is left to people. */
export type HandOverReason = 'asked' | 'unsure' | 'model' | 'failure' | 'budget' | 'unreadable';

export type Outcome =
  | { kind: 'reply'; text: string; tokens: number }
  /** `summary` is for staff. */
  | { kind: 'hand_over'; reason: HandOverReason; summary?: string; tokens: number };

export interface Engine {
  /**
   * @param say is called with the next words as they come.
   * @param signal ends the work: nobody wants the answer any more.
   * @throws Error when it has none, for whatever reason.
   */
  answer(question: Question, say: (words: string) => void, signal: AbortSignal): Promise<Outcome>;
}
