import { contrast, readableOn, wordsOn } from '../web/chat/color.js';

describe('colours of a business', () => {
  it('leave words readable, whichever was chosen', () => {
    for (const color of ['#000000', '#ffffff', '#ffe08a', '#2f5fd0', '#ff0000', '#00ff00', '#808080', '#767676', '#777777']) {
      expect(contrast(wordsOn(color), color)).toBeGreaterThanOrEqual(4.5);
      for (const ground of ['#ffffff', '#17191d']) expect(contrast(readableOn(color, ground), ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('are left as they are where that is enough', () => {
    expect(readableOn('#2f5fd0', '#ffffff')).toBe('#2f5fd0');
    expect(wordsOn('#2f5fd0')).toBe('#ffffff');
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });
});
