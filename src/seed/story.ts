import type { Priority } from '../contract/room.js';
import { localTime } from '../time/zone.js';
import { COMMENTS, CONVERSATIONS, CUSTOMERS, type Conversation } from './conversations.js';

/** An agent by the place in the list of agents, or the customer of the room. */
type Who = number | 'customer';

/** Something that somebody does, as one call of the API. */
export type Deed =
  | { verb: 'open'; conversation: Conversation }
  | { verb: 'write'; body: string; isNote?: true; mentions?: number; picture?: true }
  | { verb: 'edit'; body: string }
  | { verb: 'transfer'; to: number; note: string }
  | { verb: 'rate'; score: number; comment: string | null }
  | { verb: 'update'; labels?: string[]; priority?: Priority; status?: 'pending'; snoozeHours?: number }
  | { verb: 'delete' | 'claim' | 'close' | 'end' | 'reopen' | 'read' };

export interface Act {
  /** In milliseconds since 1970. */
  at: number;
  /** The rooms are counted from 0. */
  room: number;
  customer: number;
  by: Who;
  deed: Deed;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where the business is: its days are those of the story. */
export const TIME_ZONE = 'Europe/Berlin';
export const AGENTS = ['Ben Carter', 'Cleo Marsh', 'Dan Yilmaz'];
const DAYS = 30;
/** One for each day before today. */
const CLOSED = DAYS - 1;
/** What has become of the others: those in which nobody waits for anything, and those in which somebody does. */
const UNCLOSED = ['waiting', 'held', 'asking', 'pending', 'snoozed', 'waiting', 'held', 'asking', 'pending', 'snoozed', 'waiting'] as const;
const SCORES = [5, 4, 5, 3, 5, 4, 2, 5, 1, 4];
const PRIORITIES: Priority[] = ['normal', 'normal', 'high', 'normal', 'urgent', 'low'];
/** Customers who came back have a closed room already. */
const RETURNED = 7;

/** Numbers from 0 to below 1, the same every time (mulberry32). */
const dice = (): (() => number) => {
  let state = 20_261_101;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Writes down what happens in one room, one thing after the other. */
class Scene {
  readonly acts: Act[] = [];

  constructor(
    private readonly room: number,
    private readonly customer: number,
    private at: number,
    private readonly roll: () => number,
  ) {}

  /** Some time passes, between the two. */
  pass(least: number, most: number): this {
    this.at += Math.floor(least + this.roll() * (most - least));
    return this;
  }

  do(by: Who, deed: Deed): this {
    this.acts.push({ at: this.at, room: this.room, customer: this.customer, by, deed });
    return this;
  }

  /** The customer opens the room and says the first line of the conversation. */
  open(agent: number, conversation: Conversation): this {
    this.do('customer', { verb: 'open', conversation });
    return this.pass(5_000, MINUTE).talk(agent, conversation.lines.slice(0, 1), MINUTE);
  }

  /** The lines, each after a while; the first one is said at once. */
  talk(agent: number, lines: Conversation['lines'], most: number): this {
    for (const [index, [voice, body]] of lines.entries()) {
      if (index > 0) this.pass(MINUTE, most);
      this.do(voice === 'customer' ? 'customer' : agent, { verb: 'write', body, ...(voice === 'note' && { isNote: true }) });
    }
    return this;
  }
}

const nextTo = (agent: number): number => (agent + 1) % AGENTS.length;

/** One in the language of the customer. */
const conversationOf = (customer: number, room: number): Conversation => {
  const fitting = CONVERSATIONS.filter(({ language }) => language === CUSTOMERS[customer]?.[2]);
  return fitting[room % fitting.length] as Conversation;
};

/** A room of one of the past days, with all that may happen in one. */
const pastRoom = (room: number, today: number, roll: () => number): Act[] => {
  const customer = room < CLOSED - RETURNED ? room : room - (CLOSED - RETURNED);
  const conversation = conversationOf(customer, room);
  const agent = room % AGENTS.length;
  const begin = today - (DAYS - 1 - room) * DAY + 8 * HOUR;
  const [first, ...rest] = conversation.lines;
  const scene = new Scene(room, customer, begin, roll).pass(0, 7 * HOUR).open(agent, conversation);
  if (room % 12 === 0) scene.pass(5_000, MINUTE).do('customer', { verb: 'write', body: 'Here is a picture of it.', picture: true });
  if (room % 9 === 4) scene.pass(5_000, 20_000).do('customer', { verb: 'edit', body: `${first?.[1]} (Sorry, typed on the phone.)` });
  scene.pass(MINUTE, 12 * MINUTE).do(agent, { verb: 'claim' });
  scene.pass(5_000, MINUTE).do(agent, { verb: 'update', labels: labelsOf(room, conversation), priority: priorityOf(room) });
  scene.pass(20_000, 4 * MINUTE).talk(agent, rest, 5 * MINUTE);
  if (room % 9 === 7) scene.pass(5_000, 20_000).do('customer', { verb: 'delete' });
  let last = agent;
  if (room % 7 === 3) {
    last = nextTo(agent);
    scene.pass(MINUTE, 5 * MINUTE).do(agent, { verb: 'transfer', to: last, note: 'Please see this one through, my shift ends.' });
    scene.pass(MINUTE, 5 * MINUTE).do(last, { verb: 'write', body: 'I have taken over from my colleague. Is there anything else?' });
  }
  scene
    .do(last, { verb: 'read' })
    .do('customer', { verb: 'read' })
    .pass(5 * MINUTE, 40 * MINUTE);
  scene.do(room % 5 === 0 ? 'customer' : last, { verb: room % 5 === 0 ? 'end' : 'close' });
  if (room % 10 === 6) {
    scene.pass(10 * MINUTE, HOUR).do(last, { verb: 'reopen' });
    scene.pass(MINUTE, 5 * MINUTE).do(last, { verb: 'write', body: 'One more thing: your receipt is in your account.' });
    scene.pass(5 * MINUTE, 20 * MINUTE).do(last, { verb: 'close' });
  }
  if (room % 3 !== 2) {
    const score = SCORES[room % SCORES.length] as number;
    const comment = score > 3 ? (COMMENTS[conversation.language] as string) : null;
    scene.pass(MINUTE, 30 * MINUTE).do('customer', { verb: 'rate', score, comment });
  }
  return scene.acts;
};

const labelsOf = (room: number, { label }: Conversation): string[] => (room % 8 === 5 ? [label, 'VIP'] : [label]);
const priorityOf = (room: number): Priority => PRIORITIES[room % PRIORITIES.length] as Priority;

/** A room of the last hours that is not closed yet. */
const presentRoom = (index: number, now: number, roll: () => number): Act[] => {
  const room = CLOSED + index;
  // Two of three are here for the first time.
  const customer = index % 3 === 2 ? RETURNED + Math.floor(index / 3) : CLOSED - RETURNED + index - Math.floor(index / 3);
  const conversation = conversationOf(customer, room);
  const agent = index % AGENTS.length;
  const becomes = UNCLOSED[index] as (typeof UNCLOSED)[number];
  const [, ...rest] = conversation.lines;
  const scene = new Scene(room, customer, now - HOUR - index * 30 * MINUTE, roll).open(agent, conversation);
  if (index === 0) scene.pass(5_000, MINUTE).do('customer', { verb: 'write', body: 'I add a picture.', picture: true });
  if (becomes === 'waiting') return scene.acts;
  scene.pass(MINUTE, 8 * MINUTE).do(agent, { verb: 'claim' });
  scene.pass(5_000, 20_000).do(agent, { verb: 'update', labels: labelsOf(room, conversation), priority: priorityOf(room) });
  scene.pass(20_000, 2 * MINUTE).talk(agent, rest.slice(0, becomes === 'asking' ? 2 : undefined), 3 * MINUTE);
  if (becomes === 'asking') return scene.acts;
  const other = nextTo(agent);
  scene.pass(5_000, MINUTE).do(agent, { verb: 'write', body: `@${AGENTS[other]} could you look at this?`, isNote: true, mentions: other });
  scene.do(agent, { verb: 'read' }).do('customer', { verb: 'read' }).pass(5_000, MINUTE);
  if (becomes === 'pending') scene.do(agent, { verb: 'update', status: 'pending' });
  if (becomes === 'snoozed') scene.do(agent, { verb: 'update', snoozeHours: 24 + index });
  return scene.acts;
};

/** All that has happened until `now`, in the order of time: every time the same, but for the day it is told. */
export const storyUntil = (now: Date): Act[] => {
  const roll = dice();
  const today = Date.parse(localTime(TIME_ZONE, now.getTime()).date);
  const past = Array.from({ length: CLOSED }, (_, room) => pastRoom(room, today, roll));
  const present = UNCLOSED.map((_, index) => presentRoom(index, now.getTime(), roll));
  return [...past, ...present].flat().sort((a, b) => a.at - b.at);
};

/** What is known of the customers. */
export const customersOfStory = CUSTOMERS.map(([name, city, language]) => ({
  name,
  email: `${name
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.')}@mail.example`,
  attributes: { city, language },
}));
