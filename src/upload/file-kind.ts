import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../error/app-error.js';
import { extensionOf } from './file-name.js';
import type { TypeSniffer } from './type-sniffer.js';

/** The types that are taken, with the extensions that a file of each may have. Text of any of these is sent as plain text. */
const KINDS: Record<string, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'video/mp4': ['mp4', 'm4v'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'text/plain': ['txt', 'text', 'log', 'md', 'csv'],
};

/** The same by another name. */
const ALIASES: Record<string, string> = { 'video/x-m4v': 'video/mp4', 'image/jpg': 'image/jpeg' };

/** What senders say of text; what Windows says of a table as text when Excel is installed. */
const TEXT_TYPES = ['text/csv', 'text/markdown', 'text/x-markdown', 'text/x-log'];
const TABLE_TYPES = ['application/csv', 'application/vnd.ms-excel'];

/** How files of these types begin; whatever begins otherwise is text, or refused, and no parser sees it. */
const BEGINNINGS: [at: number, bytes: string][] = [
  [0, '\x89PNG\r\n\x1a\n'],
  [0, '\xff\xd8\xff'],
  [0, 'GIF8'],
  [8, 'WEBP'],
  [0, '%PDF-'],
  [0, 'PK\x03\x04'],
  [4, 'ftyp'],
];

const BEGINNING_BYTES = 16;
const CHUNK_BYTES = 65_536;
/** HTML, SVG and XML as the sniffing standard of browsers (WHATWG MIME Sniffing, 7.1) knows them, and more generous in refusing. */
const MARKUP = /^[\s\ufeff]*<[a-z!?/]/i;
const MARKUP_INSIDE = /<(!doctype|html|script|svg|iframe|\?xml)[\s>]/i;
const MARKUP_WITHIN = 1024;

const refused = (message: string): AppError => new AppError('upload.type_refused', { message });

const begins = (head: Buffer, at: number, bytes: string): boolean =>
  head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'));

/** Reads all of it, a piece at a time. @throws AppError when it is no text in UTF-8, or may be taken for markup. */
const requireText = async (handle: FileHandle): Promise<void> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.alloc(CHUNK_BYTES);
  let beginning = '';
  for (let at = 0, isEnd = false; !isEnd;) {
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    at += bytesRead;
    isEnd = bytesRead === 0;
    let text: string;
    try {
      text = decoder.decode(piece.subarray(0, bytesRead), { stream: !isEnd });
    } catch {
      throw refused('This is neither a type that is taken nor text in UTF-8');
    }
    if (text.includes('\0')) throw refused('Text must not hold NUL');
    if (beginning.length < MARKUP_WITHIN) beginning = (beginning + text).slice(0, MARKUP_WITHIN);
  }
  if (MARKUP.test(beginning) || MARKUP_INSIDE.test(beginning)) throw refused('HTML, SVG and XML are not taken');
};

const plainly = (type: string): string => ALIASES[type] ?? type;

const isRaster = (mime: string): boolean => mime.startsWith('image/');

/** Whether what a client said of a file is compatible with what it is. Nothing said, and one raster image for another, do no harm. */
const agrees = (mime: string, name: string, declared: string): boolean => {
  const extension = extensionOf(name);
  const extensions = isRaster(mime) ? Object.entries(KINDS).flatMap(([one, list]) => (isRaster(one) ? list : [])) : (KINDS[mime] ?? []);
  if (extension !== '' && !extensions.includes(extension)) return false;
  if (declared === '' || declared === 'application/octet-stream' || declared === mime) return true;
  if (isRaster(mime)) return isRaster(declared) && declared in KINDS;
  return mime === 'text/plain' && (TEXT_TYPES.includes(declared) || (extension === 'csv' && TABLE_TYPES.includes(declared)));
};

/**
 * The type of a file by its content, one of those that are taken.
 * @throws AppError `upload.type_refused`, also when its name or its declared type say it were something else; `unavailable`.
 */
export const kindOf = async (sniffer: TypeSniffer, path: string, name: string, declared: string): Promise<string> => {
  const handle = await open(path, 'r');
  try {
    const { buffer: head } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
    const isKnown = BEGINNINGS.some(([at, bytes]) => begins(head, at, bytes));
    const mime = plainly(isKnown ? ((await sniffer.typeOf(path)) ?? '') : 'text/plain');
    if (!(mime in KINDS)) throw refused('Files of this type are not taken');
    if (!isKnown) await requireText(handle);
    if (!agrees(mime, name, plainly(declared.toLowerCase())))
      throw refused('The name or the declared type is not that of what the file holds');
    return mime;
  } finally {
    await handle.close();
  }
};
