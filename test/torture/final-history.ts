import { setTimeout as sleep } from 'node:timers/promises';
import { STREAMS, type Catchup, type History, type Message, type Stream } from '../../src/contract/message.js';
import type { Person } from '../support/factories.js';
import { rest } from '../support/rest.js';
import type { Connection } from './connection.js';
import { lineOf, type Recorder, type StoredStream } from './history.js';

const PAGE = 200;

export interface Chat {
  roomId: string;
  guest: Person;
  /** The guest's own, silent one. */
  guestConnection: Connection;
}

const restPages = async (url: string, { token }: Person, roomId: string, stream: Stream, way: 'after' | 'before'): Promise<Message[]> => {
  const entries: Message[] = [];
  for (let bound = way === 'after' ? '&after=0' : ''; ;) {
    const path = `/api/rooms/${roomId}/messages?stream=${stream}&limit=${PAGE}${bound}`;
    const { status, body } = await rest<History>(url, 'GET', path, { token });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    if (way === 'after') entries.push(...body.items);
    else entries.unshift(...body.items);
    if (!body.hasMore) return entries;
    bound = way === 'after' ? `&after=${entries.at(-1)?.seq}` : `&before=${entries[0]?.seq}`;
  }
};

/** `room.join` for the first page of both streams and `room.sync` for the rest. */
const socketPages = async (connection: Connection, roomId: string, streams: readonly Stream[]): Promise<Message[]> => {
  const ends = Object.fromEntries(streams.map((stream) => [stream, 0]));
  const entries: Message[] = [];
  for (let command = 'room.join'; ;) {
    await connection.up();
    const reply = await connection.ask<Catchup>(command, { roomId, after: ends, limit: PAGE });
    if (reply.kind !== 'ok') {
      await sleep(50);
      continue;
    }
    for (const entry of reply.result.entries) ends[entry.stream] = entry.seq;
    entries.push(...reply.result.entries);
    if (!reply.result.hasMore) return entries;
    command = 'room.sync';
  }
};

/** Reads a room's streams in every way there is, once nothing moves any more. */
export const readStreams = async (url: string, agent: Person, agentConnection: Connection, chat: Chat): Promise<StoredStream[]> => {
  const { roomId, guest, guestConnection } = chat;
  const overSocket = await socketPages(agentConnection, roomId, STREAMS);
  const ofCustomer = await socketPages(guestConnection, roomId, ['public']);
  const read = async (stream: Stream): Promise<StoredStream> => {
    const entries = await restPages(url, agent, roomId, stream, 'after');
    const readings = [
      { way: 'REST backwards', lines: (await restPages(url, agent, roomId, stream, 'before')).map(lineOf) },
      { way: 'socket', lines: overSocket.filter((entry) => entry.stream === stream).map(lineOf) },
    ];
    if (stream === 'public') {
      // Whatever a customer is given goes here, so that an internal entry shows as one too many.
      readings.push({ way: 'socket of the customer', lines: ofCustomer.map(lineOf) });
      readings.push({ way: 'REST of the customer', lines: (await restPages(url, guest, roomId, stream, 'after')).map(lineOf) });
    }
    return { roomId, stream, entries, readings };
  };
  return [await read('public'), await read('internal')];
};

/** A customer that asks for the internal stream is refused, over both doors. */
export const lookForOpenDoors = async (url: string, { roomId, guest, guestConnection }: Chat, recorder: Recorder): Promise<void> => {
  const answer = await rest(url, 'GET', `/api/rooms/${roomId}/messages?stream=internal`, { token: guest.token });
  if (answer.body.code !== 'access.denied')
    recorder.odd(`a customer asked for the internal stream over REST: ${JSON.stringify(answer.body)}`);
  const reply = await guestConnection.ask('room.sync', { roomId, after: { internal: 0 } });
  if (reply.kind !== 'refused' || reply.code !== 'access.denied') recorder.odd('a customer was let into the internal stream');
};
