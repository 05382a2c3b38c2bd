import type { Deed } from '../audit/audit.service.js';
import { isPlainObject } from '../validation/rules.js';
import type { UpdateAgentDto } from './agent.dto.js';
import type { User } from './user.entity.js';

interface Step {
  from: unknown;
  to: unknown;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const flat = (value: object, prefix = ''): [string, unknown][] =>
  Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    isPlainObject(inner) ? flat(inner, `${prefix}${key}.`) : [[prefix + key, inner]],
  );

/** What differs between two states of a thing, each under its dotted name. */
export const changesBetween = (before: object, after: object): Record<string, Step> => {
  const [was, is] = [new Map(flat(before)), new Map(flat(after))];
  const steps = [...new Set([...was.keys(), ...is.keys()])].map((name): [string, Step] => [
    name,
    { from: was.get(name) ?? null, to: is.get(name) ?? null },
  ]);
  return Object.fromEntries(steps.filter(([, { from, to }]) => !isSame(from, to)));
};

export const agentCreated = ({ id: targetId, role }: Pick<User, 'id' | 'role'>): Deed => ({
  action: 'agent.created',
  targetType: 'user',
  targetId,
  details: { role },
});

/** What a change of an agent is noted as: of what tells of the person, only that it changed. */
export const agentDeeds = (before: User, { disabled = before.disabled, ...changes }: UpdateAgentDto): Deed[] => {
  const target = { targetType: 'user', targetId: before.id } as const;
  const changed = changesBetween({ ...before }, { ...before, ...changes });
  const fields = Object.keys(changed);
  const told = Object.fromEntries(['role', 'teamIds'].filter((name) => name in changed).map((name) => [name, changed[name]]));
  const deeds: Deed[] = [];
  if (fields.length > 0) deeds.push({ action: 'agent.updated', ...target, details: { fields, ...told } });
  if (disabled !== before.disabled) deeds.push({ action: disabled ? 'agent.disabled' : 'agent.enabled', ...target });
  return deeds;
};
