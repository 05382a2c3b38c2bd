import { WRITTEN_KINDS, type Activity, type ActivityType, type Message, type MessageKind, type Sender } from '../contract/message.js';
import { withoutDirectionMarks } from '../validation/direction-marks.js';

/** A name or a title on one line, which nothing in it can leave. */
export const onOneLine = (text: string): string =>
  withoutDirectionMarks(text)
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

export const nameOf = (person: Sender | null): string => onOneLine(person?.name ?? '') || (person ? `the ${person.role}` : 'the server');

/** Who wrote an entry, or whose act it tells of. */
export const actorOf = ({ sender, activity }: Message): Sender | null => (activity ? activity.actor : sender);

export const attachmentNames = ({ attachments }: Message): string[] => attachments.map(({ name }) => onOneLine(name));

/** Times of a transcript are in UTC, and say so. */
export const timeText = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

const SENTENCES: Partial<Record<ActivityType, (actor: string, assignee: string) => string>> = {
  assigned: (actor, assignee) => (actor === assignee ? `${actor} took the conversation` : `${actor} gave the conversation to ${assignee}`),
  unassigned: (actor) => `${actor} put the conversation back into the queue`,
  transferred: (actor, assignee) => `${actor} handed the conversation on to ${assignee}`,
  closed: (actor) => `${actor} closed the conversation`,
  ended: (actor) => `${actor} ended the conversation`,
  reopened: (actor) => `${actor} opened the conversation again`,
};

const words = (type: string): string => type.replace(/_changed$/, '').replaceAll('_', ' ');

/** An activity line in words. */
export const sentenceOf = (activity: Activity): string => {
  const actor = nameOf(activity.actor);
  const assignee = 'assignee' in activity && activity.assignee ? nameOf(activity.assignee) : 'whoever is next';
  const sentence = SENTENCES[activity.type];
  if (sentence) return sentence(actor, assignee);
  const from = 'from' in activity ? (activity.from ?? 'none') : undefined;
  const to = 'to' in activity ? (activity.to ?? 'none') : undefined;
  const change = from === undefined && to === undefined ? '' : `: ${onOneLine(from ?? '')} → ${onOneLine(to ?? '')}`;
  return `${actor} changed ${words(activity.type)}${change}`;
};

/** What people read: messages in their latest state, and what happened. Edits and deletions show at their messages. */
export const isShown = ({ kind }: Message): boolean => kind === 'activity' || (WRITTEN_KINDS as readonly MessageKind[]).includes(kind);

/** What there is to say of a message beside its body. */
export const remarksOf = ({ stream, ai, editedAt, deletedAt }: Message): string[] => [
  ...(stream === 'internal' ? ['internal'] : []),
  ...(ai ? ['AI'] : []),
  ...(deletedAt ? ['deleted'] : editedAt ? ['edited'] : []),
];
