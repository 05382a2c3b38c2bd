import type { ActivityEntry } from '../../src/contract/message.js';
import type { RoomView } from './live-reader.js';
import { same, type Check, type Truth } from './truth.js';

type Told = Record<string, any>;

/** A room as its lines alone tell of it. */
interface Folded {
  status: string;
  assignee: string | null;
  ai: boolean;
  fields: Record<string, string | null>;
}

const CHAINS: Record<string, string> = {
  subject_changed: 'subject',
  priority_changed: 'priority',
  team_changed: 'team',
  routing_mode_changed: 'routingMode',
  pinned_agent_changed: 'pinned',
  labels_changed: 'labels',
  language_changed: 'language',
};
const CLOSINGS = ['closed', 'ended'];

/** What the lines say, one after the other; `faults` has those that do not follow from the ones before. */
const foldLines = (roomId: string, begin: Folded, lines: ActivityEntry[], faults: string[]): Folded => {
  const now = { ...begin, fields: { ...begin.fields } };
  for (const { activity, stream, seq } of lines) {
    const { type, from, to, assignee } = activity as Told;
    const wrong = (why: string): void => void faults.push(`${roomId} ${stream} ${seq}: ${JSON.stringify(activity)}, but ${why}`);
    const field = CHAINS[type as string];
    if (field) {
      const isTaken = type === 'subject_changed' && from === null && to === null;
      if (!isTaken && from !== now.fields[field] && now.fields[field] !== undefined) wrong(`it was ${now.fields[field]}`);
      if (!isTaken && from === to) wrong('nothing changed');
      now.fields[field] = isTaken ? (undefined as never) : to;
    } else if (type === 'status_changed') {
      if (from !== now.status || from === to) wrong(`it was ${now.status}`);
      now.status = to;
    } else if (CLOSINGS.includes(type as string)) {
      if (now.status === 'closed') wrong('it was closed');
      now.status = 'closed';
    } else if (type === 'reopened') {
      if (now.status !== 'closed') wrong(`it was ${now.status}`);
      now.status = 'open';
      now.assignee = assignee?.id ?? null;
    } else if (type === 'assigned' || type === 'unassigned' || type === 'transferred') {
      const id = assignee?.id ?? null;
      if (type !== 'transferred' && id === now.assignee) wrong(`${now.assignee} had it`);
      if ((type === 'unassigned') !== (id === null) && type !== 'transferred') wrong('it says the other thing');
      now.assignee = id;
    } else if (type === 'ai_enabled' || type === 'ai_disabled' || type === 'handed_over') {
      const isOn = type === 'ai_enabled';
      if (isOn === now.ai) wrong(`the AI was ${now.ai ? 'on' : 'off'}`);
      now.ai = isOn;
    } else if (type === 'rated') {
      now.fields.rating = to;
    }
  }
  return now;
};

const stateOf = (room: RoomView, { agents, teams }: Truth): Folded => {
  const nameOf = (id: string | undefined): string | null => agents.find((agent) => agent.id === id)?.name ?? null;
  const { overrides } = room;
  return {
    status: room.status,
    assignee: room.assignee?.id ?? null,
    ai: room.aiEnabled,
    fields: {
      subject: room.subject,
      priority: room.priority,
      team: teams.find(({ id }) => id === room.teamId)?.name ?? null,
      routingMode: overrides.routingMode?.value ?? null,
      pinned: nameOf(overrides.pinnedAgentId?.value),
      labels: room.labels.length === 0 ? null : room.labels.join(', '),
      language: overrides.language?.value ?? null,
      rating: room.rating ? String(room.rating.score) : null,
    },
  };
};

/** Each change has its line, and each line its change. */
export const linesTellAll: Check = (_, truth) => {
  const faults: string[] = [];
  const { isRenamed, isAiPlayedWith } = truth.shop;
  for (const room of truth.rooms) {
    const lines = truth.lines.get(room.id) ?? [];
    const is = stateOf(room, truth);
    const fields = { ...Object.fromEntries(Object.values(CHAINS).map((name) => [name, null])), priority: 'normal', rating: null };
    const firstTeam = lines.find(({ activity }) => activity.type === 'team_changed')?.activity as Told | undefined;
    const begin: Folded = {
      ...{ status: 'open', assignee: null, ai: false },
      // Where it began, somebody said when it was opened.
      fields: { ...fields, subject: undefined as never, team: firstTeam ? firstTeam.from : is.fields.team },
    };
    const isTold = ({ activity: { type } }: ActivityEntry): boolean =>
      !(isRenamed && ['labels_changed', 'pinned_agent_changed'].includes(type)) &&
      !(isAiPlayedWith && ['ai_enabled', 'ai_disabled', 'handed_over'].includes(type));
    const told = foldLines(room.id, begin, lines.filter(isTold), faults);
    if (isAiPlayedWith) told.ai = is.ai;
    if (isRenamed) Object.assign(told.fields, { labels: is.fields.labels, pinned: is.fields.pinned });
    if (told.fields.subject === undefined) told.fields.subject = is.fields.subject as string | null;
    // A closed room of a team that is gone is anybody's, without a word.
    const gone = told.fields.team !== null && !truth.teams.some(({ name }) => name === told.fields.team);
    if (gone && room.status === 'closed') told.fields.team = null;
    faults.push(
      ...same(`${room.id} by its lines`, is, {
        ...told,
        fields: Object.fromEntries(Object.keys(is.fields).map((name) => [name, told.fields[name]])),
      }),
    );
  }
  return faults;
};
