import type { Message } from '../contract/message.js';
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

const lineOf = (entry: Message): Line => ({
  by: entry.ai ? 'machine' : isStaffs(entry) ? 'staff' : 'customer',
  text: entry.body ?? '',
});

/** Edits and deletions stand at the messages themselves. */
export const turnOf = (entries: Message[]): Turn => {
  const lastOn = entries.findLastIndex(({ activity }) => activity?.type === 'ai_enabled');
  const agent = entries.slice(lastOn + 1).findLast((entry) => entry.kind !== 'activity' && isStaffs(entry));
  if (agent?.sender) return { kind: 'silence', agentId: agent.sender.id };
  const written = entries.filter(({ kind, deletedAt }) => (kind === 'text' || kind === 'image' || kind === 'file') && deletedAt === null);
  const answered = written.findLastIndex((entry) => lineOf(entry).by !== 'customer');
  const open = written.slice(answered + 1);
  if (open.length === 0) return { kind: 'rest' };
  const text = open
    .map(({ body }) => body ?? '')
    .join('\n')
    .trim();
  if (text === '') return { kind: 'unreadable' };
  return { kind: 'ask', text, before: written.slice(0, answered + 1).map(lineOf) };
};
