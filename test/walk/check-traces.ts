import { STREAMS, type Message } from '../../src/contract/message.js';
import type { AuditEntry } from '../../src/contract/audit.js';
import { rest } from '../support/rest.js';
import { isWritten, same, type Check } from './truth.js';

/** What a message said before is what its entry and those of its edits say. */
export const versionsAreKept: Check = async (walk, { admin, entries, shop }) => {
  const faults: string[] = [];
  const all = [...entries.values()].flatMap((streams) => STREAMS.map((stream) => streams[stream]));
  for (const ofStream of all) {
    for (const message of ofStream.filter((entry) => isWritten(entry) && entry.editedAt !== null).slice(0, 2)) {
      const edits = ofStream.filter(({ kind, targetSeq }) => kind === 'edit' && targetSeq === message.seq);
      const versions = await walk.pages<{ body: string | null }>(admin, `/api/rooms/${message.roomId}/messages/${message.id}/edits`, {}, 1);
      const bodies = versions.slice(1).map(({ body }) => body);
      faults.push(
        ...same(
          `the versions of ${message.id}`,
          bodies,
          edits.map(({ body }) => body),
        ),
      );
      if (versions.at(-1)?.body !== message.body)
        faults.push(`${message.id} says ${message.body}, its last version ${versions.at(-1)?.body}`);
      const first = shop.said.find(({ id }) => id === message.id)?.payload.body ?? null;
      faults.push(...same(`the first version of ${message.id}`, versions[0]?.body, message.deletedAt === null ? first : null));
    }
  }
  return faults;
};

/** Who had a room when, the log says as well. */
export const logTellsAll: Check = async (walk, { admin, rooms }) => {
  const faults: string[] = [];
  for (const room of rooms) {
    const noted = (await walk.pages<AuditEntry>(admin, '/api/audit', { targetId: room.id }))
      .filter(({ action }) => action !== 'room.exported')
      .reverse();
    let assignee: string | null = null;
    for (const { action, details, at } of noted) {
      const { from, to } = details as { from: { assigneeId: string | null }; to: { assigneeId: string | null } };
      if (from.assigneeId !== assignee) faults.push(`${room.id}: ${action} at ${at} from ${from.assigneeId}, but ${assignee} had it`);
      assignee = to.assigneeId;
    }
    faults.push(...same(`who has ${room.id} by the log`, room.assignee?.id ?? null, assignee));
  }
  return faults;
};

/** Files are there with their messages, and gone with them. */
export const filesFollow: Check = async (walk, { admin, entries, shop }) => {
  const faults: string[] = [];
  const all = [...entries.values()].flatMap(({ public: shown, internal }) => [...shown, ...internal]);
  for (const { payload, id } of shop.said.filter((said) => said.payload.attachmentIds)) {
    const message = all.find((entry) => entry.id === id) as Message;
    const { status } = await rest(walk.url(), 'GET', `/api/uploads/${payload.attachmentIds[0]}/url`, { token: admin.person.token });
    if (status !== (message.deletedAt === null ? 200 : 404))
      faults.push(`the file of ${id}, deleted ${message.deletedAt}, is answered ${status}`);
    if (message.attachments.length > 0 !== (message.deletedAt === null)) faults.push(`${id} has ${message.attachments.length} files`);
  }
  return faults;
};

/** A machine answers what a customer said, once, and not after a person has spoken. */
export const machineKeepsItsTurn: Check = (_, { entries, shop }) => {
  const faults: string[] = [];
  for (const [roomId, { public: shown }] of entries) {
    let isOn = false;
    let asked = 0;
    for (const { activity, ai, sender, seq, ...entry } of shown) {
      if (activity?.type === 'ai_enabled') isOn = true;
      if (activity?.type === 'ai_disabled' || activity?.type === 'handed_over') isOn = false;
      if (!isWritten(entry as Message)) continue;
      if (sender?.id === shop.rooms.get(roomId)?.person.id) asked++;
      else if (ai && sender?.role === 'bot') {
        if (asked === 0) faults.push(`${roomId} ${seq}: the machine answered nothing`);
        if (!isOn && !shop.isAiPlayedWith) faults.push(`${roomId} ${seq}: the machine answered while it was off`);
        asked = 0;
      } else asked = 0;
    }
  }
  return faults;
};
