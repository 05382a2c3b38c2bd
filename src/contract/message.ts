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
export type Sender = Omit<PublicUser, 'role'> & { role: Role | 'bot' | 'integration' };

export const PUBLIC_ACTIVITIES = ['assigned', 'unassigned', 'closed', 'ended', 'reopened'] as const;
export const INTERNAL_ACTIVITIES = ['subject_changed', 'priority_changed', 'status_changed'] as const;
export type ActivityType = (typeof PUBLIC_ACTIVITIES)[number] | (typeof INTERNAL_ACTIVITIES)[number];

/** What happened to a room. `assignee` is who holds it afterwards; `from` and `to` are the old and the new value. */
export interface Activity {
  type: ActivityType;
  actor: Sender | null;
  assignee?: Sender | null;
  from?: string | null;
  to?: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  mime: string;
  size: number;
  width: number | null;
  height: number | null;
  url: string;
  thumbnailUrl: string | null;
}

/** One entry of a stream. `seq` is dense and starts at 1 in each stream of a room. */
export interface Message {
  id: string;
  roomId: string;
  stream: Stream;
  seq: number;
  kind: MessageKind;
  clientMessageId: string | null;
  sender: Sender | null;
  body: string | null;
  attachments: Attachment[];
  replyTo: string | null;
  mentions: string[];
  activity: Activity | null;
  targetSeq: number | null;
  ai: boolean;
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
}

/** A page of one stream, ascending. `hasMore` says that the direction asked for goes on. */
export interface History {
  items: Message[];
  hasMore: boolean;
  lastSeq: number;
}

/** Where a reader stands in each stream, and in which epoch of the server it read that. */
export interface Position {
  epoch?: string;
  public?: number;
  internal?: number;
}

/** The answer to `room.sync`. `reset` tells the reader to drop its copy and start from these entries. */
export interface Catchup {
  entries: Message[];
  hasMore: boolean;
  reset: boolean;
}
