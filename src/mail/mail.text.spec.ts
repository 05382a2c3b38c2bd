import { oneLine, toHtml, toText } from './mail.text.js';

describe('the text of a mail', () => {
  const evil = '<img src=x onerror=alert(1)>"\'&{{constructor}}${7*7}';

  it('A40 A41 is escaped in HTML, and as it is in plain text', () => {
    expect(toText([evil])).toBe(`${evil}\n`);
    const html = toHtml([evil]);
    expect(html).toContain('<p>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{constructor}}${7*7}</p>');
    expect(html).not.toContain('<img');
  });

  it('shows a link as one, and nothing else', () => {
    const url = 'https://chat.example/set-password#token=a"b';
    expect(toText(['Open this:', { url }, 'Goodbye.'])).toBe(`Open this:\n\n${url}\n\nGoodbye.\n`);
    expect(toHtml([{ url }])).toContain('<a href="https://chat.example/set-password#token=a&quot;b">');
    expect(toHtml(['https://evil.example'])).not.toContain('href');
  });

  it('A46 nothing of it turns what follows', () => {
    expect(oneLine('\u202eexe.\u2066Gwen\u2069: hello')).toBe('exe.Gwen: hello');
  });

  it.each(['a\r\nBcc: x@y.example', 'a\nBcc: x@y.example', 'a\u2028Bcc: x@y.example', 'a\u0000\u0085\tBcc: x@y.example'])(
    'A52 %j is one line',
    (text) => {
      expect(oneLine(text)).toBe('a Bcc: x@y.example');
    },
  );
});
