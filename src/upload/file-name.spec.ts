import { byteRange } from './byte-range.js';
import { cleanName, disposition } from './file-name.js';

describe('names of files', () => {
  it.each([
    ['C:\\Users\\me\\x.txt', 'x.txt'],
    ['x.exe. . ', 'x.exe'],
    ['\u200e\u2066a\u2069.txt', 'a.txt'],
    ['\ud800a', '\ufffda'],
    ['', 'file'],
    ['/', 'file'],
    ['a'.repeat(400), 'a'.repeat(255)],
  ])('A57 %j is shown as %j', (given, shown) => {
    expect(cleanName(given)).toBe(shown);
  });

  it('A52 a header holds any of them', () => {
    expect(disposition('attachment', 'a"b\\c%d\'é(1)*.txt')).toBe(
      "attachment; filename=\"a_b_c_d'_(1)*.txt\"; filename*=UTF-8''a%22b%5Cc%25d%27%C3%A9%281%29%2A.txt",
    );
  });
});

describe('ranges of bytes', () => {
  it.each([
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=-99', 10, { start: 0, end: 9 }],
    ['bytes=9-20', 10, { start: 9, end: 9 }],
    ['BYTES=1-2', 10, { start: 1, end: 2 }],
    ['bytes=10-', 10, null],
    ['bytes=10-20', 10, null],
    ['bytes=-0', 10, null],
    ['bytes=0-', 0, null],
    ['bytes=20-10', 10, undefined],
    [undefined, 10, undefined],
  ])('%s of %i', (header, size, range) => {
    expect(byteRange(header, size)).toEqual(range);
  });
});
