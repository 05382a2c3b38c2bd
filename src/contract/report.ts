import type { Count } from './scalar.js';
import type { PublicUser } from './user.js';

/** How many days a report goes over at most. */
export const MAX_REPORT_DAYS = 366;

/** What a CSV has a row for. */
export const REPORT_ROWS = ['day', 'hour', 'agent'] as const;
export type ReportRows = (typeof REPORT_ROWS)[number];

/** How long something took, in milliseconds by the clock, nights and weekends included. */
export interface Durations {
  /** Half of them took at most as long; null when there was none. */
  median: Count | null;
  /** Nine of ten took at most as long; null when there was none. */
  p90: Count | null;
}

/** What customers thought. */
export interface RatingFigures {
  /** How many. */
  count: Count;
  /** Of scores from 1 to 5, to two decimals; null when there was none. */
  mean: number | null;
}

/** Of all rooms. */
export interface RoomFigures {
  /** How often a room was opened or reopened. */
  opened: Count;
  /** How often one was closed by staff, or ended by its customer or for being idle. */
  closed: Count;
  /** How many are not closed now, whenever they were opened. */
  open: Count;
}

/** What happened on one day of the business's time zone. */
export interface DayFigures {
  /**
   * A day of the time zone of the business.
   * @format date
   */
  date: string;
  /** How often a room was opened or reopened. */
  opened: Count;
  /** How often one was closed or ended. */
  closed: Count;
  /** How many messages were written that everybody in the room reads. */
  messages: Count;
}

/** What happened in one hour of the day, on all days of the time together, by the clocks of the business's time zone. */
export interface HourFigures {
  /**
   * From 0 for the hour after midnight.
   * @maximum 23
   */
  hour: Count;
  /** How often a room was opened or reopened. */
  opened: Count;
  /** How often one was closed or ended. */
  closed: Count;
  /** How many messages were written that everybody in the room reads. */
  messages: Count;
}

/** What one agent did. */
export interface AgentFigures {
  agent: PublicUser;
  /** How often a room came into the agent's hands. */
  assigned: Count;
  /** How often a room was closed that was in its hands. */
  closed: Count;
  /** Its messages to customers. */
  messages: Count;
  /** Of the first responses that the agent wrote. */
  firstResponseMs: Durations;
  /** Of the rooms that the agent has, or had last. */
  rating: RatingFigures;
}

/** How a business did over a time. Everything counts at the moment it happened; what each figure means is in docs/reports.md. */
export interface ReportOverview {
  /** Of all rooms. */
  rooms: RoomFigures;
  /** Texts, images and files that everybody in the room reads, also those deleted since. */
  messages: Count;
  /** From a customer's first message to the first message of a person who answers. */
  firstResponseMs: Durations;
  /** From the opening of a room to its closing; a reopening starts anew. */
  resolutionMs: Durations;
  /** From the opening of a room to its first agent. */
  waitMs: Durations;
  /** The ratings that were given in the time. */
  rating: RatingFigures;
  /** Every day of the time, in order. */
  perDay: DayFigures[];
  /** The 24 hours of the day, in order. */
  perHour: HourFigures[];
  /** Everybody who answers, in the order they were made; of those disabled, who did something in the time. */
  perAgent: AgentFigures[];
}
