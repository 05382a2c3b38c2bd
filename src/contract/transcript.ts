import type { Message } from './message.js';
import type { RoomState } from './room.js';

export const TRANSCRIPT_FORMATS = ['json', 'csv', 'txt', 'html'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** A room with all that was said and done in it, as its reader sees it. */
export interface Transcript {
  room: RoomState;
  /** In the order of their times; each stream without gaps. */
  entries: Message[];
}
