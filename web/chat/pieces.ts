/** A text, or a part of it that is shown in an element of its own. */
export type Piece = string | { tag: 'strong' | 'em' | 'code' | 'a'; pieces: Piece[]; address?: string };

/** What ends a sentence is no part of an address that stands at its end. */
const ADDRESS = `https?://[^\\s<>"']*[^\\s<>"'.,:;!?)\\]}]`;
/** Of Markdown what people and models write in a chat. An address with words before it has no brackets. */
const MARKED = new RegExp(
  [
    '```(?:\\w*\\n)?(?<block>[^`]+?)\\n?```',
    '`(?<code>[^`\\n]+)`',
    '\\[(?<words>[^[\\]\\n]+)\\]\\((?<target>https?://[^\\s<>"\'()]+)\\)',
    `(?<address>${ADDRESS})`,
    '\\*\\*(?<strong>[^\\s*](?:[^\\n]*?[^\\s*])??)\\*\\*(?![\\w*])',
    '\\*(?<em>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])',
    '#{2,6} (?<heading>[^\\n]+)',
  ].join('|'),
  'gi',
);

/** Words never hide where they lead to. */
const hostOf = (address: string): string => {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
};

/** A text in pieces: words, addresses of the web, and what is emphasised. Nothing else of Markdown or HTML is more than text. */
export const piecesOf = (body: string): Piece[] => {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: whole, index, groups = {} } of body.matchAll(MARKED)) {
    const { address, words, target, em, strong, heading } = groups;
    const code = groups.block ?? groups.code;
    const before = body[index - 1] ?? '\n';
    // Not within a word or a product, and of headings those alone that begin a line.
    if (heading === undefined ? (em ?? strong) !== undefined && /[\w*]/.test(before) : before !== '\n') continue;
    if (index > at) pieces.push(body.slice(at, index));
    if (address !== undefined) pieces.push({ tag: 'a', address, pieces: [address] });
    else if (words !== undefined && target !== undefined)
      pieces.push({ tag: 'a', address: target, pieces: [`${words} (${hostOf(target)})`] });
    else if (code !== undefined) pieces.push({ tag: 'code', pieces: [code] });
    else if (em !== undefined) pieces.push({ tag: 'em', pieces: piecesOf(em) });
    else pieces.push({ tag: 'strong', pieces: piecesOf(strong ?? heading ?? '') });
    at = index + whole.length;
  }
  if (at < body.length) pieces.push(body.slice(at));
  return pieces;
};

/** A page that somebody is led to learns nothing of the one that it was on. */
export const LINK = { target: '_blank', rel: 'noopener noreferrer nofollow' } as const;
