import { linkMail } from './password-link.mail.js';

const LINK = 'https://chat.example/set-password#token=x';

describe('the mail of a link', () => {
  it.each([
    ['invitation', '72 hours'],
    ['reset', '30 minutes'],
  ] as const)('of the purpose %s names the business and how long it is good', (purpose, life) => {
    const { subject, paragraphs } = linkMail(purpose, 'The Shop', LINK);
    expect(subject).toContain('The Shop');
    expect(paragraphs).toContainEqual({ url: LINK });
    expect(JSON.stringify(paragraphs)).toContain(life);
  });

  it('A52 has no line break of a name in it, and no more than the beginning of a long one', () => {
    const { subject, paragraphs } = linkMail('reset', `Shop\r\nBcc: all@mail.example\n${'\u{1f600}'.repeat(100)}`, LINK);
    for (const text of [subject, ...paragraphs.filter((one) => typeof one === 'string')]) expect(text).not.toMatch(/[\r\n]/);
    expect(subject).toContain('Shop Bcc: all@mail.example \u{1f600}');
    expect([...subject].length).toBeLessThan(110);
  });
});
