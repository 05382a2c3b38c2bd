import type { Message } from '../contract/message.js';
import type { RoomState } from '../contract/room.js';
import type { TranscriptFormat } from '../contract/transcript.js';
import { toCsv, type CsvRow } from '../page/csv.js';
import { HTML } from './html.format.js';
import { actorOf, attachmentNames, sentenceOf } from './wording.js';
import { TEXT } from './text.format.js';

/** How a transcript is written: something before the entries, each page of them, and something after. */
export interface Format {
  type: string;
  head(room: RoomState): string;
  page(entries: Message[], isFirst: boolean): string;
  foot: string;
}

const JSON_FORMAT: Format = {
  type: 'application/json; charset=utf-8',
  head: (room) => `${JSON.stringify({ room }).slice(0, -1)},"entries":[`,
  page: (entries, isFirst) => (isFirst ? '' : ',') + entries.map((entry) => JSON.stringify(entry)).join(','),
  foot: ']}\n',
};

const COLUMNS = ['seq', 'stream', 'createdAt', 'sender', 'role', 'kind', 'body', 'attachments'];

const cellsOf = (entry: Message): CsvRow => ({
  seq: entry.seq,
  stream: entry.stream,
  createdAt: entry.createdAt,
  sender: actorOf(entry)?.name ?? null,
  role: actorOf(entry)?.role ?? null,
  kind: entry.kind,
  body: entry.activity ? sentenceOf(entry.activity) : entry.body,
  attachments: attachmentNames(entry).join('; '),
});

const CSV: Format = {
  type: 'text/csv; charset=utf-8',
  head: () => toCsv([], COLUMNS),
  page: (entries) => toCsv(entries.map(cellsOf), COLUMNS, false),
  foot: '',
};

export const FORMATS: Record<TranscriptFormat, Format> = { json: JSON_FORMAT, csv: CSV, txt: TEXT, html: HTML };
