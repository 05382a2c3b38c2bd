import { STREAMS, type Message } from '../../src/contract/message.js';
import { rest } from '../support/rest.js';
import { firstDifference, historyOf, readersOf, type Check } from './truth.js';

/** An entry in its latest state, without what no entry tells: how people are called now, and when exactly it was changed. */
export const lineOf = (entry: Message): string => {
  const { activity, seq, id, kind, clientMessageId, sender, body, attachments, replyTo, mentions, targetSeq, ai, createdAt } = entry;
  const { actor, assignee, ...told } = (activity ?? { actor: null }) as Record<string, any>;
  // What staff changed a subject from is taken out of the line when its customer is erased.
  const change = told.type === 'subject_changed' ? { type: told.type } : told;
  const files = attachments.map((file) => file.id);
  const changed = [entry.editedAt !== null && body !== null, entry.deletedAt !== null];
  const place = [seq, id, kind, clientMessageId, sender?.id ?? null, body, files, replyTo, mentions, targetSeq, ai, createdAt];
  return JSON.stringify([...place, activity && [change, actor?.id ?? null, assignee?.id ?? null], ...changed]);
};

/** Dense, and the same however it is read. */
export const streamsAreOne: Check = async (walk, truth) => {
  const faults: string[] = [];
  for (const [roomId, streams] of truth.entries) {
    const customer = truth.shop.rooms.get(roomId);
    for (const stream of STREAMS) {
      const entries = streams[stream];
      const hole = entries.findIndex(({ seq }, at) => seq !== at + 1);
      if (hole >= 0) faults.push(`${roomId} ${stream}: ${entries[hole]?.seq} stands at ${hole + 1}`);
      const lines = entries.map(lineOf);
      for (const { url } of walk.nodes) {
        faults.push(
          ...firstDifference(`${url} ${roomId} ${stream}`, (await historyOf(walk, truth.admin, roomId, stream, url)).map(lineOf), lines),
        );
      }
      if (stream === 'public' && customer && ['active', 'blocked'].includes(customer.state)) {
        const shown = await historyOf(walk, customer, roomId, stream);
        faults.push(...firstDifference(`${customer.name} reads ${roomId}`, shown.map(lineOf), lines));
        const { room, entries: exported } = await walk.get(customer, `/api/rooms/${roomId}/export?format=json`);
        faults.push(...firstDifference(`${customer.name} exports ${roomId}`, exported.map(lineOf), lines));
        if ('internalLastSeq' in room) faults.push(`${customer.name} is told of the internal stream of ${roomId}`);
        const { token } = customer.person;
        const { body } = await rest(walk.url(), 'GET', `/api/rooms/${roomId}/messages?stream=internal`, { token });
        if (body.code !== 'access.denied') faults.push(`${customer.name} reads the internal stream of ${roomId}: ${body.code}`);
      }
    }
    const { entries: exported } = await walk.get(truth.admin, `/api/rooms/${roomId}/export?format=json`);
    const both = [...exported].map((entry: Message) => `${entry.stream} ${lineOf(entry)}`).sort();
    const all = STREAMS.flatMap((stream) => streams[stream].map((entry) => `${stream} ${lineOf(entry)}`)).sort();
    faults.push(...firstDifference(`the export of ${roomId}`, both, all));
  }
  return faults;
};

/** What each reader holds is the history. */
export const readersHoldIt: Check = (_, truth) =>
  readersOf(truth).flatMap(({ name, reader }) => [
    ...(reader?.oddities ?? []),
    ...[...(reader?.logs ?? [])].flatMap(([roomId, { streams }]) =>
      STREAMS.flatMap((stream) => {
        const held = streams[stream];
        const history = truth.entries.get(roomId)?.[stream] ?? [];
        return held ? firstDifference(`${name} holds ${roomId} ${stream}`, held.map(lineOf), history.map(lineOf)) : [];
      }),
    ),
  ]);
