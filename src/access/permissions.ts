import type { AgentScope } from '../contract/business.js';
import { isStaffRole, type Role } from '../contract/user.js';
import { isStaff, type Actor } from './actor.js';
import type { LimitName } from './limits.js';

/** `anyone` needs no credential; `anyone, known` uses one that is sent all the same. */
type Callers = 'anyone' | 'anyone, known' | readonly Role[];

/**
 * What a command is done to. `room` and `customer` are things that a caller must reach, see REACH; what is out of reach is
 * answered like what does not exist. `business` is anything of the caller's own business, `self` the caller's own affairs,
 * `server` nothing of anybody's.
 */
export type Subject = 'server' | 'self' | 'business' | 'room' | 'customer';

interface Rule {
  who: Callers;
  to: Subject;
  /** The bucket that a call is taken from; `general` when none is named. */
  limit?: LimitName;
}

const all = ['guest', 'customer', 'agent', 'admin'] as const;
const accounts = ['customer', 'agent', 'admin'] as const;
const customers = ['guest', 'customer'] as const;
const staff = ['agent', 'admin'] as const;
const admin = ['admin'] as const;

const rule = (who: Callers, to: Subject, limit?: LimitName): Rule => ({ who, to, limit });

/** Which rooms each role reaches, and with them which customers. `agentScope` is the setting of the business. */
export const REACH = { guest: 'own', customer: 'own', agent: 'agentScope', admin: 'all' } as const satisfies Record<
  Role,
  AgentScope | 'agentScope'
>;

/** The reach of a person of this role in a business with this `agentScope`. */
export const reachOf = (role: Role, agentScope: AgentScope): AgentScope => (REACH[role] === 'agentScope' ? agentScope : REACH[role]);

/** What decides who reaches a room. */
export interface RoomFacts {
  businessId: string;
  customerId: string;
  assigneeId: string | null;
  teamId: string | null;
}

/**
 * Whether a room is within somebody's reach: a customer's own is the room it is the customer of, an agent's own is one
 * assigned to it (a closed one stays with whom it had last), a team's is one of its rooms. The database has a twin of this
 * in `reaches_room`, and `withinReach` is the same as a condition of a query.
 */
export const reaches = (actor: Pick<Actor, 'id' | 'businessId' | 'role' | 'reach' | 'teamIds'>, room: RoomFacts): boolean => {
  if (room.businessId !== actor.businessId) return false;
  if (!isStaffRole(actor.role)) return room.customerId === actor.id;
  if (actor.reach === 'all' || room.assigneeId === actor.id) return true;
  return actor.reach === 'team' && room.teamId !== null && actor.teamIds.includes(room.teamId);
};

/** A condition of a query, and what stands under the names in it. */
interface Condition {
  sql: string;
  values: Record<string, unknown>;
}

/** The same in SQL, for the rows of `room` under an alias. */
export const withinReach = (actor: Actor, room: string): Condition => {
  const inBusiness = `${room}.business_id = :reachBusiness`;
  const values = { reachBusiness: actor.businessId, reachUser: actor.id, reachTeams: actor.teamIds };
  if (!isStaff(actor)) return { sql: `${inBusiness} AND ${room}.customer_id = :reachUser`, values };
  if (actor.reach === 'all') return { sql: inBusiness, values };
  const held = `${room}.assignee_id = :reachUser`;
  const own = actor.reach === 'team' ? `(${held} OR ${room}.team_id = ANY (:reachTeams))` : held;
  return { sql: `${inBusiness} AND ${own}`, values };
};

/** Which rows of `"user"` staff reach: their colleagues, and the customers of rooms within reach. */
export const peopleWithinReach = (actor: Actor, user: string): Condition => {
  const { sql, values } = withinReach(actor, 'reached');
  const inBusiness = `${user}.business_id = :reachBusiness`;
  if (actor.reach === 'all') return { sql: inBusiness, values };
  const hasRoom = `EXISTS (SELECT FROM room reached WHERE reached.customer_id = ${user}.id AND ${sql})`;
  return { sql: `${inBusiness} AND (${user}.role IN ('agent', 'admin') OR ${hasRoom})`, values };
};

/**
 * Who may ever call which command, on either door, and what it is done to. What depends on the row beside its reach (who
 * wrote a message, who holds a room) is said by the policy of its module. A route or event without a row here is refused.
 */
export const COMMANDS = {
  'server.card': rule('anyone', 'server', 'health'),
  'server.health': rule('anyone', 'server', 'health'),
  'server.live': rule('anyone', 'server', 'health'),
  'server.ready': rule('anyone', 'server', 'health'),
  'server.metrics': rule('anyone', 'server', 'health'),
  'reference.page': rule('anyone', 'server'),
  'reference.style': rule('anyone', 'server'),
  'reference.script': rule('anyone', 'server'),
  'reference.events': rule('anyone', 'server'),
  'reference.openapi': rule('anyone', 'server'),
  'reference.asyncapi': rule('anyone', 'server'),
  'business.create': rule('anyone', 'server', 'register'),
  'business.view': rule('anyone', 'server'),
  'business.hours': rule('anyone', 'server'),
  'business.get': rule(staff, 'business'),
  'business.update': rule(admin, 'business'),
  'business.change_identity_secret': rule(admin, 'business'),
  'auth.register': rule('anyone, known', 'server', 'register'),
  'auth.login': rule('anyone', 'server', 'login'),
  'auth.guest': rule('anyone', 'server', 'guest'),
  'auth.make_resume_link': rule(customers, 'self', 'guest'),
  'auth.resume': rule('anyone', 'server', 'guest'),
  'auth.refresh_tokens': rule('anyone', 'server', 'refresh'),
  'auth.logout': rule(all, 'self'),
  'auth.me': rule(all, 'self'),
  'auth.update_me': rule(all, 'self'),
  'auth.erase_me': rule(customers, 'self'),
  'auth.change_password': rule(accounts, 'self', 'login'),
  'auth.forgot_password': rule('anyone', 'server', 'forgot'),
  'auth.reset_password': rule('anyone', 'server', 'login'),
  'auth.password_page': rule('anyone', 'server'),
  'auth.begin_second_factor': rule(staff, 'self', 'login'),
  'auth.confirm_second_factor': rule(staff, 'self', 'login'),
  'auth.renew_recovery_codes': rule(staff, 'self', 'login'),
  'auth.disable_second_factor': rule(staff, 'self', 'login'),
  'auth.list_sessions': rule(all, 'self'),
  'auth.current_session': rule(all, 'self'),
  'auth.end_session': rule(all, 'self'),
  'auth.refresh': rule(all, 'self', 'refresh'),
  'agent.list': rule(staff, 'business'),
  'agent.create': rule(admin, 'business'),
  'agent.update': rule(admin, 'business'),
  'agent.disable': rule(admin, 'business'),
  'agent.invite': rule(admin, 'business'),
  'agent.remove_second_factor': rule(admin, 'business'),
  'team.list': rule(staff, 'business'),
  'team.get': rule(staff, 'business'),
  'team.create': rule(admin, 'business'),
  'team.update': rule(admin, 'business'),
  'team.delete': rule(admin, 'business'),
  'label.list': rule(staff, 'business'),
  'label.get': rule(staff, 'business'),
  'label.create': rule(admin, 'business'),
  'label.update': rule(admin, 'business'),
  'label.delete': rule(admin, 'business'),
  'view.list': rule(staff, 'business'),
  'view.count': rule(staff, 'business'),
  'view.get': rule(staff, 'business'),
  'view.create': rule(staff, 'business'),
  'view.update': rule(staff, 'business'),
  'view.delete': rule(staff, 'business'),
  'audit.list': rule(admin, 'business'),
  'customer.list': rule(staff, 'customer'),
  'customer.get': rule(staff, 'customer'),
  'customer.rooms': rule(staff, 'customer'),
  'customer.update': rule(staff, 'customer'),
  'customer.erase': rule(admin, 'customer'),
  'customer.export': rule(staff, 'customer', 'export'),
  'customer.block': rule(staff, 'customer'),
  'presence.set': rule(staff, 'self'),
  'presence.list': rule(staff, 'business'),
  'presence.heartbeat': rule(all, 'self'),
  'room.open': rule(all, 'room'),
  'room.join': rule(all, 'room', 'join'),
  'room.leave': rule(all, 'room', 'join'),
  'room.sync': rule(all, 'room', 'sync'),
  'room.list': rule(all, 'room'),
  'room.bulk': rule(staff, 'room'),
  'room.unread': rule(all, 'room'),
  'room.get': rule(all, 'room'),
  'room.viewers': rule(staff, 'room'),
  'room.attendance': rule(staff, 'room'),
  'room.update': rule(staff, 'room'),
  'room.claim': rule(staff, 'room'),
  'room.assign': rule(staff, 'room'),
  'room.transfer': rule(staff, 'room'),
  'room.close': rule(staff, 'room'),
  'room.end': rule(customers, 'room'),
  'room.reopen': rule(staff, 'room'),
  'room.routing': rule(staff, 'room'),
  'room.rate': rule(customers, 'room'),
  'ai.toggle': rule(staff, 'room'),
  'ai.suggest': rule(staff, 'room', 'ai'),
  'ai.summarize': rule(staff, 'room', 'ai'),
  'ai.rewrite': rule(staff, 'room', 'ai'),
  'ai.translate': rule(staff, 'room', 'ai'),
  'room.export': rule(all, 'room', 'export'),
  'message.send': rule(all, 'room', 'send'),
  'message.edit': rule(all, 'room'),
  'message.delete': rule(all, 'room'),
  'message.list': rule(all, 'room'),
  'message.search': rule(all, 'room', 'search'),
  'search.find': rule(staff, 'business', 'search'),
  'message.mark': rule(all, 'room'),
  'report.overview': rule(admin, 'business'),
  'report.ai': rule(admin, 'business'),
  'message.mark_unread': rule(all, 'room'),
  'draft.get': rule(all, 'room'),
  'draft.save': rule(all, 'room'),
  'draft.delete': rule(all, 'room'),
  'upload.create': rule(all, 'room', 'upload'),
  'upload.get': rule('anyone, known', 'room', 'download'),
  'upload.thumbnail': rule('anyone, known', 'room', 'download'),
  'upload.url': rule(all, 'room', 'download'),
  'message.edits': rule(staff, 'room'),
  'mention.list': rule(staff, 'room'),
  'canned_reply.list': rule(staff, 'business'),
  'canned_reply.get': rule(staff, 'business'),
  'canned_reply.create': rule(admin, 'business'),
  'canned_reply.update': rule(admin, 'business'),
  'canned_reply.delete': rule(admin, 'business'),
  'canned_reply.render': rule(staff, 'business'),
  'article.list': rule(staff, 'business'),
  'article.get': rule(staff, 'business'),
  'article.create': rule(admin, 'business'),
  'article.update': rule(admin, 'business'),
  'article.delete': rule(admin, 'business'),
  'rule.list': rule(staff, 'business'),
  'rule.get': rule(staff, 'business'),
  'rule.create': rule(admin, 'business'),
  'rule.update': rule(admin, 'business'),
  'rule.delete': rule(admin, 'business'),
  'rule.try': rule(admin, 'business'),
  'rule.firings': rule(admin, 'business'),
  'typing.start': rule(all, 'room', 'typing'),
  'typing.stop': rule(all, 'room', 'typing'),
} as const satisfies Record<string, Rule>;

export type Command = keyof typeof COMMANDS;

export const ruleOf = (command: Command): Rule => COMMANDS[command];

/** Whether staff may call it before they have set up a second factor that their business requires. An admin registers others, too. */
export const isForRestricted = (command: Command): boolean => command.startsWith('auth.') && command !== 'auth.register';
