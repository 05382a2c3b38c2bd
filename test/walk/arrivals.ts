import {
  buildAgent,
  buildArticle,
  buildBusiness,
  buildCustomer,
  buildGuest,
  buildLabel,
  buildTeam,
  PASSWORD,
  setUp,
} from '../support/factories.js';
import { rest } from '../support/rest.js';
import { oneOf } from '../torture/random.js';
import { uniqueWord, WORDS } from './vocabulary.js';
import type { Shop, Walker } from './walker.js';
import type { Walk } from './walk.js';

const hire = (
  walk: Walk,
  shop: Shop,
  name: string,
  role: 'admin' | 'agent',
  person: Walker['person'],
  limit: number | null | undefined,
): Walker => {
  const by: Walker = {
    name,
    role,
    isStaff: true,
    person,
    shop,
    word: uniqueWord(walk.random),
    reader: undefined,
    state: 'active',
    capacity: limit,
  };
  shop.walkers.push(by);
  return by;
};

export const signInAgain = async (walk: Walk, by: Walker): Promise<void> => {
  const body = { email: by.person.email, password: PASSWORD, business: by.shop.tenant.slug };
  const { status, body: signed } = await rest(walk.url(), 'POST', '/api/auth/login', { body });
  if (status !== 200) throw new Error(`${by.name} could not sign in: ${JSON.stringify(signed)}`);
  by.person = { ...by.person, token: signed.accessToken, refreshToken: signed.refreshToken };
  await walk.comeBack(by);
};

export const newCustomer = async (walk: Walk, shop: Shop, role: 'guest' | 'customer' = 'guest'): Promise<void> => {
  const word = uniqueWord(walk.random);
  const name = `${oneOf(walk.random, WORDS)} ${word}`;
  const person = role === 'guest' ? await buildGuest(walk.url(), shop.tenant, name) : await buildCustomer(walk.url(), shop.tenant);
  const by: Walker = {
    name: `${role} ${word.slice(0, 5)}`,
    role,
    isStaff: false,
    person,
    shop,
    word,
    reader: undefined,
    state: 'active',
    capacity: null,
  };
  shop.walkers.push(by);
  await walk.perform(by, 'room.open', { subject: `${oneOf(walk.random, WORDS)} ${word}`, context: { page: word } });
  if (walk.random() < 0.7) await walk.comeBack(by);
};

export const newTeam = async (walk: Walk, admin: Walker, agentIds: string[]): Promise<void> => {
  const name = `Team ${uniqueWord(walk.random)}`;
  const { body } = await rest(walk.url(), 'POST', '/api/teams', { token: admin.person.token, body: { name, agentIds } });
  admin.shop.teams.push({ id: body.id, name });
  walk.note(admin, 'team.create', { id: body.id, agentIds }, body.id ? 'ok' : body.code);
};

export const deleteTeam = async (walk: Walk, admin: Walker, team: { id: string; name: string }): Promise<void> => {
  admin.shop.teams = admin.shop.teams.filter(({ id }) => id !== team.id);
  // Those who were about to name it are let through first.
  await Promise.resolve();
  await walk.perform(admin, 'team.delete', { id: team.id });
};

/** A business with its people, who are all there. */
export const openShop = async (walk: Walk, timeZone: string, settings: object): Promise<Shop> => {
  const [{ url } = { url: '' }] = walk.nodes;
  const tenant = await buildBusiness(url);
  await setUp(url, tenant, { hours: { timeZone, weekly: [], holidays: [] }, ...settings });
  await buildArticle(url, tenant, { title: WORDS.slice(0, 4).join(' '), body: 'Two days, as a rule.' });
  const shop: Shop = {
    ...{ tenant, walkers: [], rooms: new Map(), teams: [], labels: [], said: [], marks: new Map() },
    ...{ unreadFrom: new Map(), subjects: new Map(), timeZone, isRenamed: false, isAiPlayedWith: false },
  };
  hire(walk, shop, 'Ada', 'admin', tenant.admin, null);
  for (const [name, limit] of Object.entries({ Bo: null, Cy: 1, Di: 2, Ed: undefined, Flo: undefined })) {
    const person = await buildAgent(url, tenant, { name, ...(limit !== undefined && { capacity: limit }) });
    hire(walk, shop, name, 'agent', person, limit);
  }
  const agents = shop.walkers.filter(({ role }) => role === 'agent').map(({ person }) => person);
  for (const [index, name] of ['North', 'South'].entries()) {
    shop.teams.push({ id: await buildTeam(url, tenant, agents.slice(index * 2, index * 2 + 3), name), name });
  }
  for (const name of ['VIP', 'Bug', 'Late']) {
    await buildLabel(url, tenant, name);
    shop.labels.push(name);
  }
  for (const by of shop.walkers) await walk.comeBack(by);
  for (const role of ['guest', 'guest', 'guest', 'guest', 'customer', 'customer'] as const) await newCustomer(walk, shop, role);
  return shop;
};
