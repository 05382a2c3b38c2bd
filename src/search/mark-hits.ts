import { escaped } from '../page/page.js';

/** Separators of ASCII stand for marks and markup while PostgreSQL cuts and marks a text. It takes none of them for a letter. */
export const START = '\u001c';
const [STOP, LESS, GREATER, BREAK] = ['\u001d', '\u001e', '\u001f', '\u001a'] as const;
const SEPARATORS = /[\u001a\u001c-\u001f]/g;
/** As in `search_text`, which cuts words at these signs: here they must stay. */
const NO_WORD = /[\u00a1-\u00bf\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\ufe0f\u{1f000}-\u{1faff}]/gu;

/** What `search_text` cuts as well: a number behind a hyphen is no negative one. */
const HYPHEN = /(?<=[\p{L}\p{N}])-(?=[0-9])/gu;

const HTML: Record<string, string> = { [START]: '<mark>', [STOP]: '</mark>', [LESS]: '&lt;', [GREATER]: '&gt;', [BREAK]: '' };

/** For `ts_headline`: how hits are to be marked. */
export const MARKS = `StartSel="${START}", StopSel="${STOP}", `;

/** A body in the form in which hits are marked. The five separators themselves become blanks. */
export const prepared = (body: string): string =>
  body
    .replace(SEPARATORS, ' ')
    .replaceAll('<', LESS)
    .replaceAll('>', GREATER)
    .replace(NO_WORD, `${BREAK}$&${BREAK}`)
    .replace(HYPHEN, `$&${BREAK}`);

/** The HTML of it afterwards, where nothing but `<mark>` is markup. */
export const toHtml = (marked: string): string => escaped(marked).replace(SEPARATORS, (sign) => HTML[sign] as string);
