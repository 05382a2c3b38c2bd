import { REPLY_VARIABLES, type ReplyVariable } from '../contract/canned-reply.js';
import { render } from '../contract/template.js';
import { unknownVariables } from './template.js';

const VALUES: Record<ReplyVariable, string | null> = {
  'customer.name': 'Gwen',
  'customer.email': null,
  'agent.name': 'Alex',
  'business.name': 'The Shop',
  'room.subject': null,
};

describe('N2 a canned reply', () => {
  it.each([
    ['Hello', 'Hello'],
    ['Hello {{customer.name}}, {{agent.name}} of {{business.name}} here', 'Hello Gwen, Alex of The Shop here'],
    ['Hello {{ customer.name | there }}!', 'Hello Gwen!'],
    ['About {{room.subject|your question}}:', 'About your question:'],
    ['<{{customer.email}}>', '<>'],
    ['{{customer.email|}}', ''],
    ['{{{customer.name}}}', '{Gwen}'],
    ['{{ {{customer.name}} }}', '{{ Gwen }}'],
    ['{{customer.name', '{{customer.name'],
    ['{{customer.name|a|b}}', 'Gwen'],
    ['{{customer.email|a|b}}', 'a|b'],
  ])('%j is filled in as %j', (body, filled) => {
    expect(render(body, VALUES)).toBe(filled);
    expect(unknownVariables(body, REPLY_VARIABLES)).toEqual([]);
  });

  it.each(['{{customer.name}}', '$&', '$1', '${7*7}', '<%= 7*7 %>', '{{constructor.constructor("return 7")()}}'])(
    'A41 %s as a name stands there as it is',
    (name) => {
      expect(render('{{customer.name}}|{{customer.name|x}}', { ...VALUES, 'customer.name': name })).toBe(`${name}|${name}`);
    },
  );

  it('A41 A44 takes no other names, and leaves other languages alone', () => {
    expect(unknownVariables('{{constructor}} {{__proto__|x}} {{ customer.phone }} {{}} {{7*7}}', REPLY_VARIABLES)).toEqual([
      'constructor',
      '__proto__',
      'customer.phone',
      '',
      '7*7',
    ]);
    for (const body of ['${7*7}', '<%= 7*7 %>', '#{7*7}', '{{constructor}}', '{7*7}', '{{toString}}'])
      expect(render(body, VALUES)).toBe(body);
  });

  it('A50 long rows of braces take no time', () => {
    const began = performance.now();
    for (const body of ['{{'.repeat(50_000), '{{|'.repeat(50_000), `{{${' '.repeat(100_000)}`]) expect(render(body, VALUES)).toBe(body);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
