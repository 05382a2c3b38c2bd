import { withoutDirectionMarks } from '../validation/direction-marks.js';

/** As many code points as most disks take bytes. */
const MAX_NAME = 255;

/** Control characters, and what is no character at all. */
const UNSEEN = /[\p{Cc}\uFFFE\uFFFF]/gu;

/** The name of a file as it is shown: without folders, control characters and tricks of direction. It never names anything on a disk of ours. */
export const cleanName = (given: string): string => {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  // Windows leaves out dots and spaces at the end.
  const name = withoutDirectionMarks(last)
    .replace(UNSEEN, '')
    .trim()
    .replace(/[. ]+$/, '');
  if (name === '') return 'file';
  const characters = [...name];
  if (characters.length <= MAX_NAME) return name;
  const end = [...extensionOf(name)].length > 16 ? [] : [...name.slice(name.lastIndexOf('.'))];
  return [...characters.slice(0, MAX_NAME - end.length), ...end].join('');
};

/** What stands behind the last dot, in lower case; empty when there is none. */
export const extensionOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
};

/** The header Content-Disposition of RFC 6266: the name in ASCII for old clients, and whole as in RFC 8187. */
export const disposition = (kind: 'inline' | 'attachment', name: string): string => {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};
