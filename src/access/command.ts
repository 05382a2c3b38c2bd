import type { Role } from '../contract/user.js';
import type { LimitName } from './limits.js';

/** `anyone` needs no credential; `anyone, known` uses one that is sent all the same. */
type Callers = 'anyone' | 'anyone, known' | readonly Role[];

interface Rule {
  who: Callers;
  /** The bucket that a call is taken from; `general` when none is named. */
  limit?: LimitName;
}

const all = ['guest', 'customer', 'agent', 'admin'] as const;
const customers = ['guest', 'customer'] as const;
const staff = ['agent', 'admin'] as const;
const admin = ['admin'] as const;

const rule = (who: Callers, limit?: LimitName): Rule => ({ who, limit });

/**
 * Who may ever call which command, on either door. Whether this actor may do it to this row is the policy's question.
 * A route or event without a row here is refused.
 */
export const COMMANDS = {
  'server.card': rule('anyone', 'health'),
  'server.health': rule('anyone', 'health'),
  'server.live': rule('anyone', 'health'),
  'server.ready': rule('anyone', 'health'),
  'reference.page': rule('anyone'),
  'reference.style': rule('anyone'),
  'reference.script': rule('anyone'),
  'reference.events': rule('anyone'),
  'reference.openapi': rule('anyone'),
  'reference.asyncapi': rule('anyone'),
  'business.create': rule('anyone', 'register'),
  'business.view': rule('anyone'),
  'business.get': rule(staff),
  'business.update': rule(admin),
  'auth.register': rule('anyone, known', 'register'),
  'auth.login': rule('anyone', 'login'),
  'auth.guest': rule('anyone', 'guest'),
  'auth.refresh_tokens': rule('anyone', 'refresh'),
  'auth.logout': rule(all),
  'auth.me': rule(all),
  'auth.update_me': rule(all),
  'auth.erase_me': rule(customers),
  'auth.change_password': rule(['customer', 'agent', 'admin'], 'login'),
  'auth.forgot_password': rule('anyone', 'forgot'),
  'auth.reset_password': rule('anyone', 'login'),
  'auth.password_page': rule('anyone'),
  'auth.begin_second_factor': rule(staff, 'login'),
  'auth.confirm_second_factor': rule(staff, 'login'),
  'auth.renew_recovery_codes': rule(staff, 'login'),
  'auth.disable_second_factor': rule(staff, 'login'),
  'auth.list_sessions': rule(all),
  'auth.current_session': rule(all),
  'auth.end_session': rule(all),
  'auth.refresh': rule(all, 'refresh'),
  'agent.list': rule(staff),
  'agent.create': rule(admin),
  'agent.update': rule(admin),
  'agent.disable': rule(admin),
  'agent.invite': rule(admin),
  'agent.remove_second_factor': rule(admin),
  'presence.set': rule(staff),
  'presence.list': rule(staff),
  'presence.heartbeat': rule(all),
  'room.open': rule(all),
  'room.join': rule(all, 'join'),
  'room.leave': rule(all, 'join'),
  'room.sync': rule(all, 'sync'),
  'room.list': rule(all),
  'room.unread': rule(all),
  'room.get': rule(all),
  'room.update': rule(staff),
  'room.claim': rule(staff),
  'room.assign': rule(staff),
  'room.close': rule(staff),
  'room.end': rule(customers),
  'room.reopen': rule(staff),
  'message.send': rule(all, 'send'),
  'message.edit': rule(all),
  'message.delete': rule(all),
  'message.list': rule(all),
  'message.mark': rule(all),
  'typing.start': rule(all, 'typing'),
  'typing.stop': rule(all, 'typing'),
} as const satisfies Record<string, Rule>;

export type Command = keyof typeof COMMANDS;

export const ruleOf = (command: Command): Rule => COMMANDS[command];

/** Whether staff may call it before they have set up a second factor that their business requires. An admin registers others, too. */
export const isForRestricted = (command: Command): boolean => command.startsWith('auth.') && command !== 'auth.register';
