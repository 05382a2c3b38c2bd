import fc from 'fast-check';
import { piecesOf, type Piece } from '../web/chat/pieces.js';

/** As it is shown, with what is around each piece. */
const shown = (piece: Piece): string => {
  if (typeof piece === 'string') return piece;
  const { tag, pieces, address } = piece;
  return `<${tag}${address === undefined ? '' : ` ${address}`}>${pieces.map(shown).join('')}</>`;
};
const lettersOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.pieces.map(lettersOf).join(''));

describe('a text in pieces', () => {
  it.each([
    ['See https://parley.example/a?b=1.', 'See <a https://parley.example/a?b=1>https://parley.example/a?b=1</>.'],
    ['(https://a.example)', '(<a https://a.example>https://a.example</>)'],
    ['javascript:alert(1) data:text/html,x', 'javascript:alert(1) data:text/html,x'],
    ['[here](javascript:alert(1)) [x](//a.example)', '[here](javascript:alert(1)) [x](//a.example)'],
    ['[my bank](https://a.example/x)!', '<a https://a.example/x>my bank (a.example)</>!'],
    ['[bank.example](https://bank.example@evil.example/)', '<a https://bank.example@evil.example/>bank.example (evil.example)</>'],
    ['', ''],
    ['It is **very *much* so**, *yes*.', 'It is <strong>very <em>much</> so</>, <em>yes</>.'],
    ['**a** and **b**', '<strong>a</> and <strong>b</>'],
    ['**See https://a.example now**', '<strong>See <a https://a.example>https://a.example</> now</>'],
    ['5 * 3 * 2, 5*3*2, 2**3**4, **kwargs, * one\n* two', '5 * 3 * 2, 5*3*2, 2**3**4, **kwargs, * one\n* two'],
    ['snake_case_name _as it is_ \\_(ツ)_/', 'snake_case_name _as it is_ \\_(ツ)_/'],
    ['Run `npm start **now**`', 'Run <code>npm start **now**</>'],
    ['```js\nconst a = 1;\n```', '<code>const a = 1;</>'],
    ['## Returns\nWithin **30** days', '<strong>Returns</>\nWithin <strong>30</> days'],
    ['# 12345 is my order ## 3', '# 12345 is my order ## 3'],
    ['<b>no</b> &amp; ~~this~~', '<b>no</b> &amp; ~~this~~'],
  ])('%s', (body, expected) => {
    expect(piecesOf(body).map(shown).join('')).toBe(expected);
  });

  it('has all its words, whatever it is, and leads to nothing but pages of the web', () => {
    const part = fc.oneof(
      fc.constantFrom('*', '**', '`', '```', '[', ']', '](', ')', 'https://', '## ', '\n', ' '),
      fc.string({ maxLength: 4 }),
    );
    const addressesOf = (piece: Piece): string[] =>
      typeof piece === 'string' ? [] : [...(piece.address === undefined ? [] : [piece.address]), ...piece.pieces.flatMap(addressesOf)];
    const wordsOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const body = parts.join('');
        const pieces = piecesOf(body);
        for (const address of pieces.flatMap(addressesOf)) expect(address).toMatch(/^https?:\/\//i);
        // An address that has words is shown by its host, and a language is not said of code.
        if (!/\]\(|```/.test(body)) expect(wordsOf(pieces.map(lettersOf).join(''))).toBe(wordsOf(body));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['*', '**', '`', '[', '**a', '*a ', '[a](', '`a', '## ', 'https://'])('is in pieces soon, however often there is %j', (sign) => {
    const began = performance.now();
    piecesOf(sign.repeat(Math.ceil(4_000 / sign.length)));
    // Some milliseconds, where a search that begins again at each sign for each sign would take minutes.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
