import { COMMANDS, REACH, ruleOf, type Command, type Subject } from '../access/permissions.js';
import { ROLES, type Role } from '../contract/user.js';
import type { Doors } from './doors.js';
import type { Block } from './event-page.js';

/** What a role may do a command to, in words. */
const ALLOWED: Record<Subject, (role: Role) => string> = {
  server: () => 'yes',
  self: () => 'itself',
  business: () => 'its business',
  room: (role) => ({ own: 'own rooms', agentScope: 'rooms within reach', all: 'all rooms' })[REACH[role]],
  customer: (role) => ({ own: 'itself', agentScope: 'customers within reach', all: 'all customers' })[REACH[role]],
};

const cellOf = (command: Command, role: Role): string => {
  const { who, to } = ruleOf(command);
  if (typeof who === 'string') return 'anyone';
  return who.includes(role) ? ALLOWED[to](role) : '–';
};

/** Who may do what, through which door: the table of permissions as people read it. */
export const permissionPage = ({ routes, calls }: Doors): Block[] => {
  const routesOf = (command: Command): string =>
    routes
      .filter((route) => route.command === command)
      .map(({ method, path }) => `\`${method} ${path}\``)
      .join(', ');
  const commands = Object.keys(COMMANDS) as Command[];
  const rows = commands.map((command) => [
    `\`${command}\``,
    ...ROLES.map((role) => cellOf(command, role)),
    routesOf(command),
    calls.some((call) => call.command === command) ? 'yes' : '',
  ]);
  return [
    { heading: 'Permissions', level: 1 },
    {
      text: 'Who may do what, on both doors, by the table in `src/access/permissions.ts`. A command that has no row there is refused to everybody. What a role may never do is `access.denied`; what is out of reach is answered like what does not exist, byte for byte but the id of the request; of another business nothing is within reach.',
    },
    {
      text: 'A guest or customer reaches the rooms it is the customer of, and in them the public stream. An admin reaches all rooms of the business. An agent reaches what the setting `agentScope` says: with `own` the rooms assigned to it, with `team` those and the rooms of its teams, with `all` (the default) all of the business. A closed room stays with whom it had last. A customer is within reach when a room of theirs is.',
    },
    {
      text: 'The same reach decides what is in lists, counts and searches, what may be exported, and which sockets hear of a room. Beside it, what depends on the row has its own rule: only its author edits a message, its author or an admin deletes it, only an admin goes over the capacity of an agent.',
    },
    { head: ['command', ...ROLES, 'REST', 'socket'], rows },
  ];
};
