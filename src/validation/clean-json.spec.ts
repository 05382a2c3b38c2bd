import { findDirt } from './clean-json.js';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('what no payload may hold', () => {
  it.each([
    ['NUL', { a: { b: 'x\0' } }, 'a.b'],
    ['a lone surrogate', { a: ['ok', '\uD800'] }, 'a.1'],
    ['a prototype', JSON.parse('{"a":{"__proto__":1}}') as unknown, 'a.__proto__'],
    ['a constructor', { constructor: 1 }, 'constructor'],
    ['21 levels', nested(21), Array(20).fill('a').join('.')],
  ])('A44 A45 %s', (_, payload, path) => {
    expect(findDirt(payload)?.path).toBe(path);
  });

  it('takes all else, 20 levels deep', () => {
    expect(findDirt({ text: '🙂 é \u202E', list: [1, null, true, 'x'], deep: nested(19) })).toBeUndefined();
  });
});
