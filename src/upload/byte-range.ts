import type { ByteRange } from './upload.storage.js';

/**
 * What the header Range asks for (RFC 9110, 14.1.2): null when there are no such bytes; undefined when it asks for all, for
 * several parts or in words that are none, and then the whole is sent.
 */
export const byteRange = (header: string | undefined, size: number): ByteRange | null | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : null;
};
