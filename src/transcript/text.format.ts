import type { Message } from '../contract/message.js';
import type { Format } from './formats.js';
import { attachmentNames, isShown, nameOf, onOneLine, remarksOf, sentenceOf, timeText } from './wording.js';

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
const CONTROL = /(?!\t)\p{Cc}/gu;
const INDENT = '    ';

/** Indented, so that no line of a body can be taken for the beginning of another message. */
const indented = (body: string): string[] => body.split(LINE_BREAK).map((line) => `${INDENT}${line.replace(CONTROL, '')}`.trimEnd());

const bracketed = (parts: string[]): string => (parts.length === 0 ? '' : ` [${parts.join(', ')}]`);

const linesOf = (entry: Message): string[] => {
  const at = `${timeText(entry.createdAt)}  `;
  if (entry.activity) return [`${at}* ${sentenceOf(entry.activity)}${bracketed(remarksOf(entry))}`, ''];
  const { sender, body } = entry;
  return [
    `${at}${nameOf(sender)} (${sender.role})${bracketed(remarksOf(entry))}`,
    ...(body === null ? [] : indented(body)),
    ...attachmentNames(entry).map((name) => `${INDENT}Attached: ${name}`),
    '',
  ];
};

const toText = (lines: string[]): string => lines.map((line) => `${line}\n`).join('');

export const TEXT: Format = {
  type: 'text/plain; charset=utf-8',
  head: ({ id, customer, assignee, subject, status, createdAt }) =>
    toText([
      `Conversation with ${nameOf(customer)}`,
      ...(subject === null ? [] : [`Subject: ${onOneLine(subject)}`]),
      `Room: ${id}`,
      `Opened: ${timeText(createdAt)}`,
      `Status: ${status}`,
      ...(assignee ? [`Agent: ${nameOf(assignee)}`] : []),
      'All times are in UTC.',
      '',
    ]),
  page: (entries) => toText(entries.filter(isShown).flatMap(linesOf)),
  foot: '-- End of the transcript --\n',
};
