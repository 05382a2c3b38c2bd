import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type Parley } from '@parley/client';
import { download } from '../../download.js';
import { PRIORITIES, type Priority, type StaffRoom } from '../../../src/contract/room.js';
import { useAsk, type Ask } from '../ask.js';
import { useDesk } from '../desk.js';

const HOUR_MS = 3_600_000;
const NINE = 9;
/** As what a conversation can be taken along. */
export const TRANSCRIPTS = ['html', 'txt', 'csv', 'json'] as const;

/** Something to do with a room: in its menu, in the palette, and by its key. */
export interface RoomAction {
  id: string;
  /** Those of one kind stand together in the menu. */
  group: 'work' | 'sleep' | 'priority' | 'state' | 'reading' | 'end';
  label: string;
  /** As `useHotkeys` of Mantine takes it. */
  keys?: string;
  run: () => void;
  isDangerous?: boolean;
}

/** Nine in the morning, so many days from now. */
export const morning = (days: number): Date => {
  const date = new Date();
  date.setDate(date.getDate() + days);
  date.setHours(NINE, 0, 0, 0);
  return date;
};

const nextMonday = (): Date => morning(((8 - new Date().getDay()) % 7) + (new Date().getDay() === 1 ? 7 : 0));

/** Commands about one room; what is refused is told in a notification. */
export class RoomCommands {
  private readonly path: { params: { path: { roomId: string } } };

  constructor(
    private readonly parley: Parley,
    roomId: string,
    private readonly ask: Ask,
  ) {
    this.path = { params: { path: { roomId } } };
  }

  claim(): Promise<boolean> {
    return this.ask(() => bodyOf(this.parley.rest.POST('/api/rooms/{roomId}/claim', this.path)));
  }

  /** To nobody it goes back to the queue. Only admins force it on somebody who has as many as it can. */
  assign(agentId: string | null, isForced = false): Promise<boolean> {
    const body = { agentId, ...(isForced && { force: true }) };
    return this.ask(() => bodyOf(this.parley.rest.POST('/api/rooms/{roomId}/assign', { ...this.path, body })));
  }

  transfer(to: { agentId: string } | { teamId: string }, note: string): Promise<boolean> {
    const body = { ...to, ...(note.trim() !== '' && { note }) };
    return this.ask(() => bodyOf(this.parley.rest.POST('/api/rooms/{roomId}/transfer', { ...this.path, body })));
  }

  close(): Promise<boolean> {
    return this.ask(() => bodyOf(this.parley.rest.DELETE('/api/rooms/{roomId}', this.path)));
  }

  reopen(): Promise<boolean> {
    return this.ask(() => bodyOf(this.parley.rest.POST('/api/rooms/{roomId}/reopen', this.path)));
  }

  /** From its last message on. */
  markUnread(): Promise<boolean> {
    return this.ask(() => bodyOf(this.parley.rest.POST('/api/rooms/{roomId}/unread', { ...this.path, body: {} })));
  }

  change(body: {
    priority?: Priority;
    labels?: string[];
    status?: 'open' | 'pending' | 'snoozed';
    snoozedUntil?: string;
    aiEnabled?: boolean;
  }): Promise<boolean> {
    return this.ask(() => bodyOf(this.parley.rest.PATCH('/api/rooms/{roomId}', { ...this.path, body })));
  }

  /** Gives the reader all that was said, in a file of that name. */
  transcript(format: (typeof TRANSCRIPTS)[number], name: string): Promise<boolean> {
    const options = { params: { ...this.path.params, query: { format } }, parseAs: 'blob' as const };
    const file = `${name}.${format}`;
    return this.ask(async () => download(file, await bodyOf(this.parley.rest.GET('/api/rooms/{roomId}/export', options))));
  }

  snooze(until: Date): Promise<boolean> {
    return this.change({ status: 'snoozed', snoozedUntil: until.toISOString() });
  }
}

export const useRoomCommands = (roomId: string): RoomCommands => {
  const { parley } = useDesk();
  const ask = useAsk();
  return useMemo(() => new RoomCommands(parley, roomId, ask), [parley, roomId, ask]);
};

/** What opens over a room. */
export type RoomDialog = 'transfer' | 'snooze' | 'labels' | 'details' | 'find' | 'transcript' | 'routing';

/** What can be done with this room as it is now. */
export const useRoomActions = (room: StaffRoom | null, commands: RoomCommands, open: (dialog: RoomDialog) => void): RoomAction[] => {
  const { t } = useTranslation();
  const { me } = useDesk();
  return useMemo(() => {
    if (!room) return [];
    const { status, assignee, priority, aiEnabled } = room;
    const go = (work: Promise<boolean>): void => void work;
    const reading: RoomAction[] = [
      { id: 'find', group: 'reading', label: t('find'), keys: 'F', run: () => open('find') },
      { id: 'transcript', group: 'reading', label: t('action.transcript'), run: () => open('transcript') },
      { id: 'routing', group: 'reading', label: t('routing.ask'), run: () => open('routing') },
    ];
    if (status === 'closed')
      return [{ id: 'reopen', group: 'work', label: t('action.reopen'), keys: 'alt+O', run: () => go(commands.reopen()) }, ...reading];
    const actions: RoomAction[] = [];
    const add = (group: RoomAction['group'], id: string, label: string, run: () => void, keys?: string): void =>
      void actions.push({ id, group, label, run, ...(keys !== undefined && { keys }) });
    if (assignee?.id !== me.id) add('work', 'claim', t('action.claim'), () => go(commands.claim()), 'C');
    else add('work', 'giveBack', t('action.giveBack'), () => go(commands.assign(null)));
    add('work', 'transfer', t('action.transfer'), () => open('transfer'), 'A');
    add('sleep', 'snoozeHour', t('action.snoozeHour'), () => go(commands.snooze(new Date(Date.now() + HOUR_MS))), 'Z');
    add('sleep', 'snoozeTomorrow', t('action.snoozeTomorrow'), () => go(commands.snooze(morning(1))));
    add('sleep', 'snoozeWeek', t('action.snoozeWeek'), () => go(commands.snooze(nextMonday())));
    add('sleep', 'snooze', t('action.snooze'), () => open('snooze'));
    if (status !== 'open') add('sleep', 'wake', t('action.wake'), () => go(commands.change({ status: 'open' })));
    for (const one of PRIORITIES) {
      if (one !== priority) add('priority', `priority-${one}`, t(`action.priority.${one}`), () => go(commands.change({ priority: one })));
    }
    add('state', 'unread', t('action.unread'), () => go(commands.markUnread()), 'U');
    add('state', 'labels', t('action.labels'), () => open('labels'), 'L');
    add('state', 'details', t('action.details'), () => open('details'), 'S');
    add('state', 'ai', t(aiEnabled ? 'action.aiOff' : 'action.aiOn'), () => go(commands.change({ aiEnabled: !aiEnabled })));
    actions.push(...reading);
    actions.push({ id: 'close', group: 'end', label: t('action.close'), keys: 'E', isDangerous: true, run: () => go(commands.close()) });
    return actions;
  }, [room, me, commands, open, t]);
};
