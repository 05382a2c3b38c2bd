import { note, picture, tryUpload } from '../support/files.js';
import { newKey } from '../support/factories.js';
import { oneOf } from '../torture/random.js';
import { able, agentsOf, customersOf, draftOf, ownRoom, someone, someRoom, type Deed } from './picks.js';
import { HUSH, sentence } from './vocabulary.js';
import type { Said, Shop, Walker } from './walker.js';
import type { Walk } from './walk.js';

export const speak: Deed = (walk, shop) => {
  const by = someone(walk, walk.random() < 0.5 ? customersOf(shop) : able(agentsOf(shop)));
  if (!by) return undefined;
  const roomId = by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by);
  if (!by.isStaff && (roomId === undefined || walk.random() < 0.15)) {
    return walk.act(by, 'message.send', { clientMessageId: newKey(), body: sentence(walk.random, by.word) });
  }
  return walk.act(by, 'message.send', { roomId, ...draftOf(walk, shop, by, roomId as string) });
};

export const withFile: Deed = (walk, shop) => {
  const by = someone(walk, walk.random() < 0.5 ? customersOf(shop) : able(agentsOf(shop)));
  const roomId = by && (by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by));
  if (!by || !roomId) return undefined;
  return walk.alone(by, async () => {
    const sample = walk.random() < 0.3 ? await picture() : note(`A letter, ${by.word} ${sentence(walk.random)}`);
    const { status, body } = await tryUpload(walk.url(), by.person, roomId, sample);
    if (status !== 201) {
      walk.note(by, 'upload', { roomId }, body.code as string);
      return;
    }
    const draft = draftOf(walk, shop, by, roomId);
    if (walk.random() < 0.4) delete draft.body;
    await walk.perform(by, 'message.send', { roomId, ...draft, attachmentIds: [body.id] });
  });
};

const ownSaid = (walk: Walk, shop: Shop, by: Walker): Said | undefined => {
  const own = shop.said.filter((said) => said.by === by);
  return own.length === 0 ? undefined : oneOf(walk.random, own.slice(-6));
};

export const again =
  (isOther: boolean): Deed =>
  (walk, shop) => {
    const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
    const said = by && ownSaid(walk, shop, by);
    if (!by || !said) return undefined;
    return walk.repeat(said, isOther ? { ...said.payload, body: sentence(walk.random, by.word) } : said.payload, isOther);
  };

export const editOrDelete =
  (command: 'message.edit' | 'message.delete'): Deed =>
  (walk, shop) => {
    const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
    const isOwn = by?.role !== 'admin' || walk.random() < 0.5;
    const said = by && (isOwn ? ownSaid(walk, shop, by) : shop.said.length > 0 ? oneOf(walk.random, shop.said) : undefined);
    if (!by || !said) return undefined;
    const isHush = said.payload.stream === 'internal';
    const body =
      command === 'message.edit' && walk.random() < 0.85 ? sentence(walk.random, by.word, ...(isHush ? [HUSH] : [])) : said.payload.body;
    if (command === 'message.edit' && body === undefined) return undefined;
    return walk.act(by, command, { roomId: said.roomId, messageId: said.id, ...(command === 'message.edit' && { body }) });
  };

export const duplicates: Deed = (walk, shop) => {
  const by = someone(walk, walk.random() < 0.5 ? customersOf(shop) : able(agentsOf(shop)));
  const roomId = by && (by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by));
  return by && roomId === undefined ? undefined : by && walk.atOnce(by, { roomId, ...draftOf(walk, shop, by, roomId as string) });
};

export const mark: Deed = (walk, shop) => {
  const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
  const roomId = by && (by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by));
  if (!by || !roomId) return undefined;
  const stream = by.isStaff && walk.random() < 0.4 ? 'internal' : 'public';
  const seq = Math.floor(walk.random() * 30);
  return walk.act(by, 'message.mark', { roomId, stream, [walk.random() < 0.7 ? 'read' : 'delivered']: seq });
};

export const markUnread: Deed = (walk, shop) => {
  const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
  const roomId = by && (by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by));
  if (!by || !roomId) return undefined;
  const stream = by.isStaff && walk.random() < 0.4 ? 'internal' : 'public';
  const seq = walk.random() < 0.5 ? 1 + Math.floor(walk.random() * 12) : undefined;
  return walk.alone(by, () => walk.markUnread(by, roomId, stream, seq));
};

export const visit: Deed = (walk, shop) => {
  const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
  const roomId = by && (by.isStaff ? someRoom(walk, shop) : ownRoom(walk, shop, by));
  const { reader } = by ?? {};
  if (!by || !roomId || !reader?.isUp) return undefined;
  return walk.alone(by, async () => {
    if (reader.logs.has(roomId) && walk.random() < 0.25) await reader.leave(roomId);
    else walk.note(by, 'room.join', { roomId }, await reader.join(roomId));
  });
};

export const cut: Deed = (walk, shop) => {
  const by = someone(walk, [...able(agentsOf(shop)), ...customersOf(shop)]);
  return by && walk.alone(by, () => walk.comeBack(by));
};
