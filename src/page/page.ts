import { createHash } from 'node:crypto';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in HTML, also between quotes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

interface Page {
  title: string;
  /** Addresses of style sheets of this server. */
  sheets?: string[];
  /** What stands in the page itself. */
  style?: string;
  script?: string;
  body: string;
}

/** A whole page. It loads nothing but what it names. */
export const toPage = ({ title, sheets = [], style, script, body }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
${sheets.map((address) => `<link rel="stylesheet" href="${address}">`).join('\n')}${style === undefined ? '' : `<style>${style}</style>`}
</head>
<body>
${body}${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`;

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What such a page may do: run and show the two texts in it, and, with a script, call this server. Nothing else runs or loads. */
export const policyOf = ({ style, script }: Pick<Page, 'style' | 'script'>): string =>
  [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`]),
    ...(style === undefined ? [] : [`style-src ${sourceOf(style)}`]),
    ...(script === undefined ? [] : ["connect-src 'self'"]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The calm look of a page with one card, in light and dark. */
export const CARD_STYLE = `
:root { color-scheme: light dark; --ink: #1f2937; --soft: #4b5563; --ground: #f3f4f6; --card: #fff; --line: #d1d5db; --edge: #6b7280; --link: #1d4ed8; --bad: #b91c1c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f3f4f6; --soft: #d1d5db; --ground: #111827; --card: #1f2937; --line: #374151; --edge: #9ca3af; --link: #93c5fd; --bad: #fca5a5; }
}
*, ::before, ::after { box-sizing: border-box; }
body { min-height: 100vh; margin: 0; display: grid; place-items: center; padding: 1rem; color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;
