import type { Page } from './page.js';
import type { Count, Id, Time } from './scalar.js';
import type { PublicUser, Role } from './user.js';

export const STREAMS = ['public', 'internal'] as const;
export type Stream = (typeof STREAMS)[number];

export const MESSAGE_KINDS = ['text', 'image', 'file', 'activity', 'edit', 'deletion'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Kinds that people write; `unread` and `lastMessage` count only these. */
export const WRITTEN_KINDS = ['text', 'image', 'file'] as const satisfies readonly MessageKind[];

/** The longest body, in Unicode code points. */
export const MAX_BODY_LENGTH = 4000;

/** The person, bot or integration that wrote an entry. */
export interface Sender extends Omit<PublicUser, 'role'> {
  role: Role | 'bot' | 'integration';
}

export const PUBLIC_ACTIVITIES = [
  'assigned',
  'unassigned',
  'transferred',
  'closed',
  'ended',
  'reopened',
  'ai_enabled',
  'ai_disabled',
  'handed_over',
] as const;
export const INTERNAL_ACTIVITIES = [
  'subject_changed',
  'priority_changed',
  'status_changed',
  'team_changed',
  'routing_mode_changed',
  'pinned_agent_changed',
  'labels_changed',
  'language_changed',
  'snooze_changed',
  'rated',
] as const;
export type ActivityType = (typeof PUBLIC_ACTIVITIES)[number] | (typeof INTERNAL_ACTIVITIES)[number];

interface ActivityOf<Type extends ActivityType> {
  type: Type;
  /** Who did it; null for the server itself. */
  actor: Sender | null;
}

/** Somebody else answers, or nobody. */
export interface AssignmentActivity extends ActivityOf<'assigned' | 'unassigned' | 'transferred' | 'reopened'> {
  /** Who holds the room afterwards. */
  assignee: Sender | null;
}

/** The room was closed by staff, or ended by its customer. */
export type ClosingActivity = ActivityOf<'closed' | 'ended'>;

/** The AI answers here from now on, or no longer, or has left the room to people. */
export type AiActivity = ActivityOf<'ai_enabled' | 'ai_disabled' | 'handed_over'>;

/** A field was changed, by staff or, when the room was rated, by its customer. Only staff hear of it. */
export interface ChangeActivity extends ActivityOf<(typeof INTERNAL_ACTIVITIES)[number]> {
  /** The old value, of a team or an agent its name, of labels their names with commas between them. */
  from: string | null;
  /** The new value. */
  to: string | null;
}

/** What happened to a room. */
export type Activity = AssignmentActivity | ClosingActivity | AiActivity | ChangeActivity;

export interface Attachment {
  id: Id;
  name: string;
  mime: string;
  /** In bytes. */
  size: Count;
  /** In pixels, of an image. */
  width: Count | null;
  height: Count | null;
  /** Signed, and good for five minutes. */
  url: string;
  thumbnailUrl: string | null;
}

interface EntryOf<Kind extends MessageKind> {
  id: Id;
  roomId: Id;
  stream: Stream;
  /**
   * Dense: 1, 2, 3 … in each stream of a room.
   * @minimum 1
   */
  seq: Count;
  kind: Kind;
  /** The files of a message, in the order they were given. */
  attachments: Attachment[];
  /** The message that this one answers. */
  replyTo: Id | null;
  /** The agents that this one names. */
  mentions: Id[];
  /** Whether a machine wrote it. */
  ai: boolean;
  createdAt: Time;
  /** When its present body was written, if that is not its first. */
  editedAt: Time | null;
  /** When it was deleted; its body is null since then. */
  deletedAt: Time | null;
}

/** What somebody wrote, in its latest state. */
export interface WrittenEntry extends EntryOf<(typeof WRITTEN_KINDS)[number]> {
  /** The key under which its sender sent it. */
  clientMessageId: Id;
  sender: Sender;
  /** Plain text, Markdown allowed, as it was sent; null when it was deleted, or is nothing but files. */
  body: string | null;
  activity: null;
  targetSeq: null;
}

/** A line that tells what happened to the room. */
export interface ActivityEntry extends EntryOf<'activity'> {
  clientMessageId: null;
  sender: null;
  body: null;
  activity: Activity;
  targetSeq: null;
}

/** Tells that a message has another body now. */
export interface EditEntry extends EntryOf<'edit'> {
  clientMessageId: null;
  sender: Sender;
  /** The new body; null when the message was deleted later. */
  body: string | null;
  activity: null;
  /** The `seq` of the message that was changed. */
  targetSeq: Count;
}

/** Tells that a message is gone. */
export interface DeletionEntry extends EntryOf<'deletion'> {
  clientMessageId: null;
  sender: Sender;
  body: null;
  activity: null;
  /** The `seq` of the message that was deleted. */
  targetSeq: Count;
}

/** What a message said until it was edited. */
export interface MessageVersion {
  /** Null when the message was deleted since. */
  body: string | null;
  /** Who wrote it. */
  sender: Sender;
  /** When it was written. */
  createdAt: Time;
}

export type MessageVersionPage = Page<MessageVersion>;

/** One entry of a stream. */
export type Message = WrittenEntry | ActivityEntry | EditEntry | DeletionEntry;

/** A page of one stream, ascending. `hasMore` says that the direction asked for goes on. */
export interface History {
  items: Message[];
  hasMore: boolean;
  /** The highest number of the stream. */
  lastSeq: Count;
}

/** Where a reader stands in each stream, and in which epoch of the server it read that. */
export interface Position {
  epoch?: Id;
  public?: Count;
  internal?: Count;
}

/** What a reader was missing. */
export interface Catchup {
  /** Public before internal, each ascending. */
  entries: Message[];
  /** With `after`: newer entries remain in some stream. Without it: older ones exist. */
  hasMore: boolean;
  /** The reader stood at a place that does not exist here: drop the local copy and start from these entries. */
  reset: boolean;
}
