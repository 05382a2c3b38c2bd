import type { Message } from '../contract/message.js';
import { isWritten } from '../message/message.policy.js';
import { isStaffRole, type Role } from '../contract/user.js';
import type { Line } from './engine.js';

/** What the machine is to do about the last public entries of a room, the oldest first. */
export type Turn =
  | { kind: 'rest' }
  /** An agent speaks with the customer. */
  | { kind: 'silence'; agentId: string }
  /** Nothing of what the customer sent can be read. */
  | { kind: 'unreadable' }
  | { kind: 'ask'; text: string; before: Line[] };

const isStaffs = ({ sender, ai }: Message): boolean => sender !== null && !ai && isStaffRole(sender.role as Role);

/** What a rule or a greeting of the business says is no part of the talk. */
const isSaid = ({ kind, deletedAt, sender, ai }: Message): boolean =>
  isWritten(kind) && deletedAt === null && (sender?.role !== 'bot' || ai);

/** What was said in a room, the oldest first. Edits and deletions stand at the messages themselves. */
export const linesOf = (entries: Message[]): Line[] =>
  entries.filter(isSaid).map((entry) => ({
    by: entry.ai ? 'machine' : isStaffs(entry) ? 'staff' : 'customer',
    text: entry.body ?? '',
  }));

export const turnOf = (entries: Message[]): Turn => {
  const lastOn = entries.findLastIndex(({ activity }) => activity?.type === 'ai_enabled');
  const agent = entries.slice(lastOn + 1).findLast((entry) => entry.kind !== 'activity' && isStaffs(entry));
  if (agent?.sender) return { kind: 'silence', agentId: agent.sender.id };
  const lines = linesOf(entries);
  const answered = lines.findLastIndex(({ by }) => by !== 'customer');
  const open = lines.slice(answered + 1);
  if (open.length === 0) return { kind: 'rest' };
  const text = textOf(open);
  return text === '' ? { kind: 'unreadable' } : { kind: 'ask', text, before: lines.slice(0, answered + 1) };
};

/** What the customer said last, whoever answered it; undefined where nothing of it can be read. */
export const lastQuestionOf = (lines: Line[]): { text: string; before: Line[] } | undefined => {
  const end = lines.findLastIndex(({ by }) => by === 'customer') + 1;
  const begin = lines.slice(0, end).findLastIndex(({ by }) => by !== 'customer') + 1;
  const text = textOf(lines.slice(begin, end));
  return text === '' ? undefined : { text, before: lines.slice(0, begin) };
};

const textOf = (lines: Line[]): string =>
  lines
    .map(({ text }) => text)
    .join('\n')
    .trim();
