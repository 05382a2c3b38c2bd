import { writeFileSync } from 'node:fs';
import type { Message, Stream } from '../../src/contract/message.js';

/** A place in the run: each noted step takes the next number, so that before and after are exact, whatever the clock does. */
type Moment = number;

export type Door = 'socket' | 'rest';

/** The answer that matters of a stored message. */
interface Place {
  id: string;
  seq: number;
}

/** One time that a message was sent. */
export interface Attempt {
  door: Door;
  /** One life of one connection, from connect to cut; null over REST. */
  connection: string | null;
  sentAt: Moment;
  answeredAt: Moment | null;
  /** Set when it was acked. */
  place: Place | null;
}

/** One message of one sender under one key, with everything that was done to get it stored. */
export interface Sending {
  key: string;
  roomId: string;
  stream: Stream;
  senderId: string;
  body: string;
  attempts: Attempt[];
}

/** A stream as it stands at the end, read in four ways. */
export interface StoredStream {
  roomId: string;
  stream: Stream;
  /** REST pages going forward: the history that all others are held against. */
  entries: Message[];
  /** The other ways of reading, each as lines. */
  readings: { way: string; lines: string[] }[];
}

/** What one reader holds of one stream after following the client rule. */
interface AppliedLog {
  reader: string;
  roomId: string;
  stream: Stream;
  lines: string[];
}

/** The seqs of the events that one connection heard of one stream, as they came over the wire. */
export interface LiveRun {
  reader: string;
  connection: string;
  roomId: string;
  stream: Stream;
  /** Up to where the reader was once it had joined; null when the connection was cut before. */
  joinedAt: number | null;
  seqs: number[];
}

/** A message that was sent again under its key with another body, or looked for right after its ack. */
interface Probe {
  kind: 'look' | 'change';
  key: string;
  /** For a look: it was there. For a change: it was refused as a mismatch. */
  isRight: boolean;
}

/** All that the checker knows. */
export interface RunHistory {
  seed: number;
  sendings: Sending[];
  streams: StoredStream[];
  applied: AppliedLog[];
  live: LiveRun[];
  probes: Probe[];
  /** What no fault explains, in words: a refusal that no retry helps, a missing answer, a reset, an internal entry at a customer. */
  oddities: string[];
}

/** What every reader must see alike at one seq. */
export const lineOf = ({ seq, id, kind, sender, body }: Message): string => `${seq} ${id} ${kind} ${sender?.id ?? '-'} ${body ?? '-'}`;

/** Notes the run while it goes on. */
export class Recorder {
  readonly history: RunHistory;
  private moment: Moment = 0;

  constructor(seed: number) {
    this.history = { seed, sendings: [], streams: [], applied: [], live: [], probes: [], oddities: [] };
  }

  now(): Moment {
    return ++this.moment;
  }

  odd(what: string): void {
    this.history.oddities.push(what);
  }

  save(file: string): void {
    writeFileSync(file, JSON.stringify(this.history));
  }
}
