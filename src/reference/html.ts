import { escaped } from '../page/page.js';
import type { Block } from './event-page.js';
import { page } from './page.js';

/** Of Markdown the two forms that the page's texts have: code between backticks, and links. */
const inline = (text: string): string =>
  escaped(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\[([^\]]+)\]\((#[^)]+)\)/g, '<a href="$2">$1</a>');

/** The anchors that Markdown viewers make of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

const cells = (tag: 'th' | 'td', texts: string[]): string => `<tr>${texts.map((text) => `<${tag}>${inline(text)}</${tag}>`).join('')}</tr>`;

const toElement = (block: Block): string => {
  if ('heading' in block) {
    const { heading, level } = block;
    return `<h${level} id="${anchorOf(heading)}">${inline(heading)}</h${level}>`;
  }
  if ('code' in block) return `<pre>${escaped(block.code)}</pre>`;
  if ('text' in block) return `<p>${inline(block.text)}</p>`;
  return `<table><thead>${cells('th', block.head)}</thead><tbody>${block.rows.map((row) => cells('td', row)).join('\n')}</tbody></table>`;
};

/** The page of the sockets. */
export const toHtml = (blocks: Block[]): string =>
  page({ title: 'commands and events', main: `<main>\n${blocks.map(toElement).join('\n')}\n</main>` });
