import type { Command } from './permissions.js';

/** What a page does by itself. */
const UNATTENDED: ReadonlySet<string> = new Set<Command>([
  'auth.refresh',
  'room.join',
  'room.leave',
  'room.sync',
  'room.list',
  'room.get',
  'room.viewers',
  'message.list',
  'message.mark',
  'presence.list',
]);

/** Whether a command says that somebody sits before the page. */
export const isAttended = (command: string): boolean => !UNATTENDED.has(command);
