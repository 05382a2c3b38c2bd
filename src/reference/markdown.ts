import type { Block } from './event-page.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const toText = (block: Block): string => {
  if ('heading' in block) return `${'#'.repeat(block.level)} ${block.heading}`;
  if ('code' in block) return `\`\`\`${block.language}\n${block.code}\n\`\`\``;
  if ('text' in block) return block.text;
  return [row(block.head), row(block.head.map(() => '---')), ...block.rows.map(row)].join('\n');
};

export const toMarkdown = (blocks: Block[]): string => `${blocks.map(toText).join('\n\n')}\n`;
