import { newId } from '../database/new-id.js';
import type { ActivityType, Attachment, Message, MessageKind, Sender, Stream } from '../contract/message.js';

/** An entry as it is handed to the writer, which gives it its number and time. */
export interface NewEntry {
  id: string;
  businessId: string;
  roomId: string;
  stream: Stream;
  kind: MessageKind;
  senderId: string | null;
  /** Of a person's message: the key under which it is stored once, and what tells another message under that key. */
  clientMessageId?: string;
  fingerprint?: string;
  body?: string;
  replyTo?: string;
  mentions?: string[];
  activity?: ActivityType;
  assigneeId?: string | null;
  change?: { from: string | null; to: string | null };
  targetSeq?: number;
  /** The files of a message of kind image or file, in their order; they become its own with it. */
  attachments?: Attachment[];
  /** Of a machine's message: that it is one, and in the public stream the turn that it was made for, see `MessageService.answer`. */
  ai?: true;
  turn?: number;
  /** Of a machine's message: it is no answer, and the customer waits on. */
  automatic?: true;
  /** A customer's message opens a room that was put aside. */
  wakes?: boolean;
}

/** Where and when an entry was stored, and who its sender is at that moment. */
export interface StoredAt {
  seq: number;
  created_ms: number;
  sender_role: Sender['role'] | null;
  sender_name: string | null;
  sender_avatar_url: string | null;
}

/** What the database decided about one entry, under its locks. `woke_seq` is the internal line that it left in a room put aside. */
export interface Verdict extends StoredAt {
  verdict: 'stored' | 'repeated' | 'mismatch' | 'missing' | 'denied' | 'closed' | 'unknown_file' | 'used_file' | 'late';
  woke_seq: number | null;
}

export const newActivity = (
  entry: Pick<NewEntry, 'businessId' | 'roomId' | 'stream' | 'senderId' | 'activity' | 'assigneeId' | 'change'>,
): NewEntry => ({ id: newId(), kind: 'activity', ...entry });

/** What is absent stays absent, which keeps a batch small. */
const toRow = (entry: NewEntry): Record<string, unknown> => ({
  id: entry.id,
  room: entry.roomId,
  business: entry.businessId,
  stream: entry.stream,
  kind: entry.kind,
  sender: entry.senderId,
  client: entry.clientMessageId,
  fingerprint: entry.fingerprint,
  body: entry.body,
  reply_to: entry.replyTo,
  mentions: entry.mentions,
  activity: entry.activity,
  assignee: entry.assigneeId,
  change: entry.change,
  target: entry.targetSeq,
  turn: entry.turn,
  ai: entry.ai,
  wakes: entry.wakes,
  files: entry.attachments?.map(({ id }) => id),
});

/** The arguments of `append_entries`: the rooms, those that may be woken, the entries, and the files that they attach. */
export const toArguments = (entries: NewEntry[]): [string[], string[], string, string[]] => {
  const rooms = new Set<string>();
  const waking = new Set<string>();
  const files = new Set<string>();
  for (const { roomId, wakes, attachments = [] } of entries) {
    rooms.add(roomId);
    if (wakes) waking.add(roomId);
    for (const { id } of attachments) files.add(id);
  }
  return [[...rooms], [...waking], JSON.stringify(entries.map(toRow)), [...files]];
};

let stamp: number | undefined;
let stampText = '';

/** A batch has one time. */
const timeText = (ms: number): string => {
  if (ms !== stamp) {
    stamp = ms;
    stampText = new Date(ms).toISOString();
  }
  return stampText;
};

/** A message that was stored just now, in its public form, without reading it back. */
export const freshMessage = (entry: NewEntry, at: StoredAt): Message =>
  ({
    id: entry.id,
    roomId: entry.roomId,
    stream: entry.stream,
    seq: at.seq,
    kind: entry.kind,
    clientMessageId: entry.clientMessageId ?? null,
    sender:
      entry.senderId === null || at.sender_role === null
        ? null
        : { id: entry.senderId, role: at.sender_role, name: at.sender_name, avatarUrl: at.sender_avatar_url },
    body: entry.body ?? null,
    attachments: entry.attachments ?? [],
    replyTo: entry.replyTo ?? null,
    mentions: entry.mentions ?? [],
    activity: null,
    targetSeq: null,
    ai: entry.ai ?? false,
    createdAt: timeText(at.created_ms),
    editedAt: null,
    deletedAt: null,
  }) as Message;
