import type { Count, Id, Time } from './scalar.js';

/** The longest texts, in Unicode code points. */
export const MAX_BUSINESS_NAME = 120;
export const MAX_WELCOME_TEXT = 1_000;
export const MAX_CONSENT_TEXT = 500;
export const MAX_AUTO_TEXT = 1_000;
export const MAX_AI_INSTRUCTIONS = 2_000;
export const MAX_AI_NAME = 200;
export const MAX_ORIGINS = 50;
export const MAX_OPEN_SPANS = 50;
export const MAX_HOLIDAYS = 400;
export const MAX_EDIT_WINDOW_SECONDS = 31_536_000;
export const MAX_GIVE_BACK_SECONDS = 86_400;
/** The longest that something done by itself may wait, in minutes: 30 days. */
export const MAX_AUTO_MINUTES = 43_200;
export const MAX_AI_TOKENS = 1_000_000_000;

/** What a visitor may be asked for before the first message. */
export const PRE_CHAT_FIELDS = ['name', 'email'] as const;

/** Which rooms agents reach: those assigned to them, also those of their teams, or all of the business. */
export const AGENT_SCOPES = ['own', 'team', 'all'] as const;
export type AgentScope = (typeof AGENT_SCOPES)[number];

/** How a waiting room finds its agent: agents take it from the pool, or the server gives it to one. */
export const ROUTING_MODES = ['pool', 'auto'] as const;
export type RoutingMode = (typeof ROUTING_MODES)[number];

/** Whether somebody answers now. */
export interface Availability {
  open: boolean;
  agentsOnline: Count;
  /** When it opens next; null while it is open, and when it never does. */
  nextOpenAt: Time | null;
}

/** How its pages look. */
export interface Theme {
  /** The brand colour, `#rrggbb`; null is the built-in one. */
  color: string | null;
  /** The address of a picture, shown on the guest page; null shows the name alone. */
  logoUrl: string | null;
}

/** When a business is open, for everybody. */
export interface OpeningHours {
  /** Null: always. */
  hours: BusinessHours | null;
}

/** What a visitor is asked before the first message. */
export interface PreChat {
  /** The fields that must be filled in. */
  required: ('name' | 'email')[];
  /** What the visitor agrees to by writing. */
  consentText: string | null;
}

/** A time of a week in which the business is open. */
export interface OpenSpan {
  /**
   * 1 is Monday, 7 is Sunday.
   * @asType integer
   * @minimum 1
   * @maximum 7
   */
  day: number;
  /**
   * As the clocks there show it.
   * @pattern ^([01]\d|2[0-3]):[0-5]\d$
   */
  from: string;
  /**
   * Exclusive, and after `from`; `24:00` is the end of the day. What goes through midnight is two spans.
   * @pattern ^(([01]\d|2[0-3]):[0-5]\d|24:00)$
   */
  to: string;
}

/** When the business is open. */
export interface BusinessHours {
  /** A name of the IANA database, such as `Europe/Berlin`; days of reports are days there, too. */
  timeZone: string;
  /** The spans of every week, up to 50; they may touch and do not overlap. None: never open. */
  weekly: OpenSpan[];
  /** Days on which it is closed, dates such as `2026-12-25`, up to 400. */
  holidays: string[];
}

/** How rooms come to agents. */
export interface RoutingSettings {
  /** Default `pool`. */
  mode: RoutingMode;
  /** With `auto`: a returning customer gets the agent of the last time, if that one is online and has room. Default true. */
  lastAgentFirst: boolean;
  /**
   * How long an agent may be gone, in seconds, before the rooms in which a customer waits for an answer go back to the queue;
   * null leaves them. Default 300.
   * @maximum 86400
   */
  giveBackAfterSeconds: Count | null;
}

/** What answers where the AI does: the articles of the business, or a model at the operator's endpoint. */
export const AI_ENGINES = ['faq', 'openai'] as const;
export type AiEngine = (typeof AI_ENGINES)[number];

export interface AiSettings {
  /** Whether the AI answers in rooms that do not say otherwise. Default false. */
  enabled: boolean;
  /** Default `faq`. */
  engine: AiEngine;
  /** Whether staff may ask it for suggestions, summaries, better words and translations. Default false. */
  help: boolean;
  /** What the model is told of its task, in the words of the business, up to 2,000 characters. Default null. */
  instructions: string | null;
  /** The endpoint of the model, one of those that the operator allows; null, the default, is the operator's own. */
  baseUrl: string | null;
  /** The model at that endpoint; null, the default, is the operator's choice. */
  model: string | null;
  /** Tokens that one room may use before it is handed over; null, the default, is no limit. */
  roomTokens: Count | null;
  /** The same for all rooms of the business and a day in UTC. */
  dayTokens: Count | null;
}

/** What the server does by itself. */
export interface AutoReplySettings {
  /**
   * Said to a customer who writes first, in a room that nobody has answered, while staff are there; up to 1,000 characters, in
   * which the variables of rules may stand. Null, the default, says nothing; so with the others.
   */
  welcome: string | null;
  /** Said instead while the business is open and nobody is there, whenever a customer begins to wait. */
  away: string | null;
  /** Said instead while the business is closed, whenever a customer begins to wait. */
  afterHours: string | null;
  /**
   * After so many minutes in which nothing has happened and no customer waited for an answer, the customer is asked once whether
   * it is still there; null, the default, asks nobody.
   * @minimum 1
   * @maximum 43200
   */
  idleMinutes: Count | null;
  /** How it is asked; null, the default, asks in the words of the server. */
  idle: string | null;
  /**
   * A customer who has waited so many minutes for an answer of people, while the business is open, is brought to mind by a private
   * note, which mentions whoever has the room; null, the default, reminds nobody.
   * @minimum 1
   * @maximum 43200
   */
  remindMinutes: Count | null;
  /**
   * What people have answered a customer who has left an e-mail address, and what that one has not read after so many minutes, goes
   * to the address, with a link to go on; null sends nothing. Default 10.
   * @minimum 1
   * @maximum 43200
   */
  mailMinutes: Count | null;
  /**
   * An open room in which nothing has happened for so many minutes, and no customer waits for an answer, is closed; null leaves
   * it open. Default null.
   * @minimum 1
   * @maximum 43200
   */
  idleCloseMinutes: Count | null;
}

/** What its admins decide. */
export interface BusinessSettings {
  /**
   * Which rooms agents reach, in every list, search and event; admins reach all. With `own` nobody but admins sees the waiting
   * rooms, with `team` only those for a team: let the server give rooms then, or an admin. Default `all`.
   */
  agentScope: AgentScope;
  routing: RoutingSettings;
  ai: AiSettings;
  autoReplies: AutoReplySettings;
  /** A customer may have several rooms that are not closed. Applies to rooms opened from then on. Default false. */
  multipleRooms: boolean;
  /** Origins, beside the operator's, whose pages may use this business's API and sockets. Default none. */
  allowedOrigins: string[];
  /** How long an author may edit or delete a message, in seconds, 0 to 31,536,000. Default 900. */
  editWindowSeconds: Count;
  /** Staff without a second factor may sign in, and then do nothing but set one up. Default false. */
  secondFactorRequired: boolean;
  /** Only customers with a signed identity may come, and those who registered before or by an admin; no new guests. Default false. */
  identityRequired: boolean;
  /** When the business is open; replaced as a whole. Null, the default, is always, with days in UTC. */
  hours: BusinessHours | null;
}

/** A business as everybody sees it. */
export interface PublicBusiness {
  id: Id;
  /** The readable name in addresses. */
  slug: string;
  name: string;
  theme: Theme;
  /** What a visitor reads first. */
  welcomeText: string | null;
  /** The language of its pages, a tag such as `en` or `pt-BR`. */
  locale: string;
  availability: Availability;
  /** Null when a visitor is asked nothing. */
  preChat: PreChat | null;
}

/** A business as its staff see it. */
export interface Business extends PublicBusiness {
  settings: BusinessSettings;
}

/** A new secret for signed identities, shown this once. Whatever was signed under the one before is void. */
export interface IdentitySecret {
  /** A site signs with it: `signature` is the HMAC-SHA256 of `externalId` under this text, in hexadecimal digits. */
  identitySecret: string;
}
