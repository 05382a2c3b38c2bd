import { hash } from 'node:crypto';
import type { Message } from '../contract/message.js';
import { isStaffRole, type Role } from '../contract/user.js';
import { escaped } from '../page/page.js';
import type { Format } from './formats.js';
import { attachmentNames, isShown, nameOf, onOneLine, remarksOf, sentenceOf, timeText } from './wording.js';

const STYLE = `
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1f; background: #fff; }
ol { list-style: none; padding: 0; }
li { margin: 0 0 1rem; padding: .5rem .75rem; border-inline-start: .25rem solid #c6c6d0; break-inside: avoid; }
li.staff { border-color: #3563c9; }
li.note { border-color: #a15c00; background: #fff6e5; }
li.activity { border: 0; color: #5b5b66; font-size: .875rem; }
p { margin: 0; }
.about { color: #5b5b66; font-size: .875rem; }
.body { white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } }
`;

/** Nothing runs and nothing is loaded; the style stands in the page and is this one. It holds for the saved file as well. */
export const HTML_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'`;

/** What somebody wrote, in the direction of its own words, which ends with it. */
const isolated = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

const time = (at: string): string => `<time datetime="${escaped(at)}">${timeText(at)}</time>`;

const itemOf = (entry: Message): string => {
  const remarks = remarksOf(entry).map((remark) => ` · ${remark}`);
  if (entry.activity)
    return `<li class="activity">${time(entry.createdAt)} · ${isolated(sentenceOf(entry.activity))}${remarks.join('')}</li>\n`;
  const { sender, body, stream } = entry;
  const side = stream === 'internal' ? 'note' : isStaffRole(sender.role as Role) ? 'staff' : 'customer';
  const about = [isolated(nameOf(sender)), ` · ${sender.role} · `, time(entry.createdAt), ...remarks].join('');
  const text = body === null ? '' : `<p class="body" dir="auto">${escaped(body)}</p>`;
  const files = attachmentNames(entry).map((name) => `<p class="about">Attached: ${isolated(name)}</p>`);
  return `<li class="${side}"><p class="about">${about}</p>${text}${files.join('')}</li>\n`;
};

export const HTML: Format = {
  type: 'text/html; charset=utf-8',
  head: ({ id, customer, assignee, subject, status, createdAt }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(HTML_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Conversation with ${escaped(nameOf(customer))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Conversation with ${isolated(nameOf(customer))}</h1>
${subject === null ? '' : `<p dir="auto">${escaped(onOneLine(subject))}</p>\n`}<p class="about">Opened ${time(createdAt)} · ${status}${assignee ? ` · answered by ${isolated(nameOf(assignee))}` : ''} · room ${id} · all times are in UTC</p>
<ol>
`,
  page: (entries) => entries.filter(isShown).map(itemOf).join(''),
  foot: '</ol>\n</body>\n</html>\n',
};
