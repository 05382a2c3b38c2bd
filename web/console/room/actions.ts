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
  label: string;
  /** As `useHotkeys` of Mantine takes it. */
  keys?: string;
  run: () => void;
  isDangerous?: boolean;
}

/** Nine in the morning, so many days from now. */
const morning = (days: number): Date => {
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
export type RoomDialog = 'transfer' | 'labels' | 'details' | 'find' | 'transcript' | 'routing';

/** What can be done with this room as it is now. */
export const useRoomActions = (room: StaffRoom | null, commands: RoomCommands, open: (dialog: RoomDialog) => void): RoomAction[] => {
  const { t } = useTranslation();
  const { me } = useDesk();
  return useMemo(() => {
    if (!room) return [];
    const { status, assignee, priority, aiEnabled } = room;
    const go = (work: Promise<boolean>): void => void work;
    const reading: RoomAction[] = [
      { id: 'find', label: t('find'), keys: 'F', run: () => open('find') },
      { id: 'transcript', label: t('action.transcript'), run: () => open('transcript') },
      { id: 'routing', label: t('routing.ask'), run: () => open('routing') },
    ];
    if (status === 'closed')
      return [{ id: 'reopen', label: t('action.reopen'), keys: 'alt+O', run: () => go(commands.reopen()) }, ...reading];
    const actions: RoomAction[] = [];
    if (assignee?.id !== me.id) actions.push({ id: 'claim', label: t('action.claim'), keys: 'C', run: () => go(commands.claim()) });
    else actions.push({ id: 'giveBack', label: t('action.giveBack'), run: () => go(commands.assign(null)) });
    actions.push(
      { id: 'transfer', label: t('action.transfer'), keys: 'A', run: () => open('transfer') },
      { id: 'snoozeHour', label: t('action.snoozeHour'), keys: 'Z', run: () => go(commands.snooze(new Date(Date.now() + HOUR_MS))) },
      { id: 'snoozeTomorrow', label: t('action.snoozeTomorrow'), run: () => go(commands.snooze(morning(1))) },
      { id: 'snoozeWeek', label: t('action.snoozeWeek'), run: () => go(commands.snooze(nextMonday())) },
    );
    if (status !== 'open') actions.push({ id: 'wake', label: t('action.wake'), run: () => go(commands.change({ status: 'open' })) });
    for (const one of PRIORITIES) {
      if (one !== priority)
        actions.push({ id: `priority-${one}`, label: t(`action.priority.${one}`), run: () => go(commands.change({ priority: one })) });
    }
    actions.push(
      { id: 'unread', label: t('action.unread'), keys: 'U', run: () => go(commands.markUnread()) },
      { id: 'labels', label: t('action.labels'), keys: 'L', run: () => open('labels') },
      { id: 'details', label: t('action.details'), keys: 'S', run: () => open('details') },
      { id: 'ai', label: t(aiEnabled ? 'action.aiOff' : 'action.aiOn'), run: () => go(commands.change({ aiEnabled: !aiEnabled })) },
      ...reading,
      { id: 'close', label: t('action.close'), keys: 'E', isDangerous: true, run: () => go(commands.close()) },
    );
    return actions;
  }, [room, me, commands, open, t]);
};
