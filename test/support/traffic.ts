import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One thing that a client was told. */
export type Told =
  | { door: 'http'; method: string; path: string; status: number; type: string | null; body: unknown }
  | { door: 'ack'; command: string; answer: unknown }
  | { door: 'event'; event: string; payload: unknown }
  | { door: 'handshake'; error: unknown };

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const CLASSES: [string, RegExp][] = [
  ['id', new RegExp(`^${UUID.source}$`)],
  ['time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
];
/** An enum's value, or a short text that may be taken for one. */
const NAME = /^[A-Za-z_.]{0,32}$/;

const shapeOfText = (text: string): string =>
  CLASSES.find(([, pattern]) => pattern.test(text))?.[0] ??
  (NAME.test(text) ? `'${text}'` : `text${Math.ceil(Math.log2(text.length + 1))}`);

/** What makes a schema judge two values differently: fields, types, formats, names. A list is the set of what is in it. */
const shapeOf = (value: unknown): string => {
  if (typeof value === 'string') return shapeOfText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `integer ${Math.sign(value)}` : 'number';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join()}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key.replace(UUID, 'id')}:${shapeOf((value as Record<string, unknown>)[key])}`)
    .join()}}`;
};

const shapeOfTold = (told: Told): string =>
  told.door === 'http'
    ? `${told.method} ${told.path.replace(UUID, 'id')} ${told.status} ${told.type} ${shapeOf(told.body)}`
    : shapeOf(told);

const known = new Set<string>();

/** The file for what this test file's clients are told. It is there from the beginning, also when they are told nothing. */
const open = (): string => {
  const folder = process.env.TRAFFIC_DIR as string;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(expect.getState().testPath as string)}.jsonl`);
  appendFileSync(file, '');
  return file;
};
const file = open();

/**
 * Keeps what a client was told for the contract test, once for each shape and test file: thousands of messages that differ
 * in ids, times and words are one line.
 */
export const record = (told: Told): void => {
  const shape = shapeOfTold(told);
  if (known.has(shape)) return;
  known.add(shape);
  appendFileSync(file, `${JSON.stringify(told)}\n`);
};

const bodyOf = (text: string, type: string | null): unknown => {
  if (text === '') return null;
  // Pages and scripts are text to the documents: their beginning is enough.
  return type?.includes('json') ? JSON.parse(text) : text.slice(0, 100);
};

export const recordAnswer = (method: string, path: string, status: number, type: string | null, text: string): void =>
  record({ door: 'http', method, path: path.replace(/^http:\/\/[^/]*|[?#].*$/g, ''), status, type, body: bodyOf(text, type) });
