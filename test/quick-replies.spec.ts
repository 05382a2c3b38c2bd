import { quickReplies } from '../web/chat/quick.js';

describe('quick replies', () => {
  it.each([
    ['Which size?\n[Small](reply:) [Large](reply:)', 'Which size?', ['Small', 'Large']],
    ['Sure?\n\n[Yes](reply:)\n[No](reply:)\n', 'Sure?', ['Yes', 'No']],
    ['[Only one](reply:)', '', ['Only one']],
    ['A [link](https://parley.example)', 'A [link](https://parley.example)', []],
    ['[Yes](reply:) said he', '[Yes](reply:) said he', []],
    ['[Yes](reply:)\nand then more', '[Yes](reply:)\nand then more', []],
    ['[](reply:)', '[](reply:)', []],
    ['', '', []],
  ])('of %j', (body, text, replies) => {
    expect(quickReplies(body)).toEqual({ text, replies });
  });

  it('are found in no more time than a text takes', () => {
    const begin = process.cpuUsage();
    quickReplies(`${'[a](reply:) '.repeat(300)}x`);
    quickReplies('[a](reply:)\t'.repeat(330));
    expect(process.cpuUsage(begin).user).toBeLessThan(100_000);
  });
});
