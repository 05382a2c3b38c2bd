import { ruleOf } from '../../src/access/permissions.js';
import { NAMES_STREAM } from '../../src/access/stream.guard.js';
import type { Role } from '../../src/contract/user.js';
import type { Call } from './calls.js';
import type { Caller, World } from './world.js';

const ROLES: Record<Caller, Role | undefined> = {
  guest: 'guest',
  customer: 'customer',
  agent: 'agent',
  admin: 'admin',
  foreigner: 'admin',
  nobody: undefined,
};
/** What says that the shape is wrong, and what is found out before the shape of a body is. */
const SHAPE = ['validation.failed', 'message.too_long', 'auth.password_weak', 'payload.too_large', 'media.unsupported'];
/** Where the server cannot say yet what is asked for. */
const BROKEN_ADDRESS = /%E0%A4%A|%ed%a0%80/i;

interface Expected {
  /** One of these, or what ends in one of these. */
  codes: string[];
  because: string;
}

/** The refusal that must come by the order of checks, where it can be told from the call alone. */
export const expectedOf = (call: Call, world: World): Expected | undefined => {
  const { caller, command, needsCredential, isTaken, ids, rest } = call;
  const sent = call.sent as { stream?: unknown; after?: { internal?: unknown } } | null | undefined;
  const role = ROLES[caller];
  const { who } = ruleOf(command);
  if (rest && BROKEN_ADDRESS.test(rest.path)) return undefined;
  if (role === undefined && needsCredential) return { codes: ['auth.required'], because: 'nobody was there' };
  if (role !== undefined && typeof who !== 'string' && !who.includes(role))
    return { codes: ['access.denied'], because: 'no such role may' };
  if (role === 'guest' || role === 'customer') {
    // A stream named twice is none.
    if (isTaken === false && rest?.path.includes('stream=')) return undefined;
    const namesInternal = NAMES_STREAM.has(command) && sent?.stream === 'internal';
    if (namesInternal) return { codes: ['access.denied'], because: 'the internal stream is not for customers' };
    if (sent?.after?.internal !== undefined) return undefined;
  }
  if (isTaken === false) return { codes: SHAPE, because: 'its shape is wrong' };
  // What no schema says, of two fields that exclude each other, is found out first.
  if (ids.some((id) => world.isHidden(id, caller))) return { codes: ['.not_found', 'validation.failed'], because: 'it is not its own' };
  return undefined;
};

/** The ids in the fields that hold ids. */
export const idsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    /^(replyTo|mentions|\w+Ids?)$/.test(key) && key !== 'clientMessageId' ? [one].flat().map(String) : idsIn(one),
  );
};
