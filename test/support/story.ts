import type { Message, Stream } from '../../src/contract/message.js';
import { until, type Person } from './factories.js';
import { rest } from './rest.js';

/** The entries of a stream, of a short talk. */
export const entriesOf = async (url: string, { token }: Person, roomId: string, stream: Stream = 'public'): Promise<Message[]> =>
  (await rest(url, 'GET', `/api/rooms/${roomId}/messages?stream=${stream}&limit=200`, { token })).body.items;

/** What is said and what is done, in order. */
export const story = (entries: Message[]): string[] =>
  entries.map(({ activity, sender, body }) => activity?.type ?? `${sender?.role}: ${body}`);

/** The same of a room as soon as there is so much of it. */
export const storyOf = async (url: string, reader: Person, roomId: string, length: number, ms = 8_000): Promise<string[]> =>
  story(
    await until(
      () => entriesOf(url, reader, roomId),
      (entries) => entries.length >= length,
      ms,
    ),
  );
