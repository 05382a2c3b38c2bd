import { calledIn } from '../web/console/room/called.js';

const ann = { id: 'ann', name: 'Ann', disabled: false };
const lee = { id: 'lee', name: 'Ann Lee', disabled: false };
const gone = { id: 'gone', name: 'Gus', disabled: true };
const all = [ann, lee, gone, { id: 'nameless', name: null, disabled: false }, { id: 'odd', name: 'A. (B)', disabled: false }];

describe('whom a note calls', () => {
  it.each([
    ['nobody here', []],
    ['@Ann look', ['ann']],
    ['@Ann Lee, look', ['lee']],
    ['@Ann Lee and @Ann', ['lee', 'ann']],
    ['@Anna and mail@Annex', []],
    ['@Gus', []],
    ['@A. (B)!', ['odd']],
  ])('%s', (text, ids) => {
    expect(calledIn(text, [], all)).toEqual(ids);
  });

  it('of several of one name calls who was picked, as long as the name stands there', () => {
    const twin = { ...ann, id: 'twin' };
    expect(calledIn('@Ann', [{ id: 'twin', label: 'Ann' }], [...all, twin])).toEqual(['twin']);
    expect(calledIn('Ann', [{ id: 'twin', label: 'Ann' }], [...all, twin])).toEqual([]);
    expect(calledIn('@Ann', [], [...all, twin])).toEqual(['ann', 'twin']);
  });
});
