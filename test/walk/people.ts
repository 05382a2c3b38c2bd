import { oneOf } from '../torture/random.js';
import { deleteTeam, newCustomer, newTeam, signInAgain } from './arrivals.js';
import { able, agentsOf, byAdmin, customersOf, someone, staffer, type Deed } from './picks.js';
import { uniqueWord, WORDS } from './vocabulary.js';

export const erase: Deed = (walk, shop) => {
  const who = someone(walk, customersOf(shop));
  const admin = someone(
    walk,
    able(agentsOf(shop)).filter(({ role }) => role === 'admin'),
  );
  if (!who || !admin) return undefined;
  return walk.alone(who, async () => {
    const isOwn = walk.random() < 0.5;
    const code = isOwn ? await walk.perform(who, 'auth.erase_me', {}) : await walk.perform(admin, 'customer.erase', { id: who.person.id });
    if (code !== 'ok') return;
    who.state = 'erased';
    who.reader?.cut();
    who.reader = undefined;
    await newCustomer(walk, shop);
  });
};

export const block: Deed = (walk, shop) => {
  const who = someone(walk, customersOf(shop));
  const by = staffer(walk, shop);
  if (!who || !by) return undefined;
  const blocked = who.state === 'active';
  return walk.alone(who, async () => {
    const code = await walk.perform(by, 'customer.block', { id: who.person.id, blocked });
    if (code === 'ok') who.state = blocked ? 'blocked' : 'active';
    // Whoever can sign in again by a password has to.
    if (blocked) await (who.role === 'customer' ? signInAgain(walk, who) : walk.comeBack(who));
  });
};

export const disable: Deed = (walk, shop) => {
  const admin = someone(
    walk,
    able(agentsOf(shop)).filter(({ role }) => role === 'admin'),
  );
  const who = someone(
    walk,
    agentsOf(shop).filter(({ role }) => role === 'agent'),
  );
  if (!admin || !who) return undefined;
  return walk.alone(who, async () => {
    const disabled = who.state === 'active';
    if ((await walk.perform(admin, 'agent.update', { id: who.person.id, disabled })) !== 'ok') return;
    who.state = disabled ? 'disabled' : 'active';
    if (disabled) who.reader?.cut();
    else await signInAgain(walk, who);
  });
};

export const capacity: Deed = byAdmin('agent.update', ({ random }, shop) => {
  const free = agentsOf(shop).filter((walker) => walker.capacity === undefined);
  return free.length === 0 ? undefined : { id: oneOf(random, free).person.id, capacity: oneOf(random, [0, 1, 3, null]) };
});

export const teams: Deed = (walk, shop) => {
  const { random } = walk;
  const admin = someone(
    walk,
    able(agentsOf(shop)).filter(({ role }) => role === 'admin'),
  );
  if (!admin) return undefined;
  const agentIds = agentsOf(shop)
    .map(({ person }) => person.id)
    .filter(() => random() < 0.5);
  const team = oneOf(random, shop.teams);
  if (shop.teams.length > 1 && random() < 0.15) return walk.alone(admin, () => deleteTeam(walk, admin, team));
  if (shop.teams.length < 2 || random() < 0.2) return walk.alone(admin, () => newTeam(walk, admin, agentIds));
  return walk.act(admin, 'team.update', { id: team.id, agentIds });
};

export const relabel: Deed = (walk, shop) => {
  const admin = someone(
    walk,
    able(agentsOf(shop)).filter(({ role }) => role === 'admin'),
  );
  if (!admin) return undefined;
  return walk.alone(admin, async () => {
    const labels = await walk.pages<{ id: string; name: string }>(admin, '/api/labels');
    const { id, name: old } = oneOf(walk.random, labels);
    shop.isRenamed = true;
    const isGone = labels.length > 2 && walk.random() < 0.3;
    const name = uniqueWord(walk.random);
    shop.labels = [...shop.labels.filter((one) => one !== old), ...(isGone ? [] : [name])];
    await walk.perform(admin, isGone ? 'label.delete' : 'label.update', isGone ? { id } : { id, name });
  });
};

export const rename: Deed = (walk, shop) => {
  const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop).filter(({ state }) => state === 'active')]);
  if (!by) return undefined;
  shop.isRenamed ||= by.isStaff;
  return walk.act(by, 'auth.update_me', { name: `${oneOf(walk.random, WORDS)} ${by.word}` });
};

export const promote: Deed = (walk, shop) => {
  const admin = someone(
    walk,
    able(agentsOf(shop))
      .filter(({ role }) => role === 'admin')
      .slice(0, 1),
  );
  const who = someone(walk, able(agentsOf(shop)).slice(1));
  if (!admin || !who) return undefined;
  return walk.alone(who, async () => {
    const role = who.role === 'admin' ? 'agent' : 'admin';
    if ((await walk.perform(admin, 'agent.update', { id: who.person.id, role })) !== 'ok') return;
    who.role = role;
    await signInAgain(walk, who);
  });
};
