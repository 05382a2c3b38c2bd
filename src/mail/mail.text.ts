import { escaped } from '../page/page.js';
import { withoutDirectionMarks } from '../validation/direction-marks.js';

/** A paragraph of plain text, or an address to open. */
export type Paragraph = string | { url: string };

/** What people say, and call themselves and their business, stands inside a line: none of it breaks it, begins a header or turns the rest. */
export const oneLine = (text: string): string =>
  withoutDirectionMarks(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

/** The body for programs that show text. */
export const toText = (paragraphs: Paragraph[]): string =>
  `${paragraphs.map((one) => (typeof one === 'string' ? oneLine(one) : one.url)).join('\n\n')}\n`;

const toElement = (paragraph: Paragraph): string => {
  if (typeof paragraph === 'string') return `<p>${escaped(oneLine(paragraph))}</p>`;
  const url = escaped(paragraph.url);
  return `<p><a href="${url}">${url}</a></p>`;
};

/** The same for programs that show HTML. It loads nothing. */
export const toHtml = (paragraphs: Paragraph[]): string =>
  `<!doctype html>
<html lang="en">
<body style="max-width: 36rem; margin: 1.5rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere">
${paragraphs.map(toElement).join('\n')}
</body>
</html>
`;
