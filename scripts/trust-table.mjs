// Writes the table of docs/trust.md: which test covers which promise (P), fault (X), abuse (A) and trap (T). `--check` only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/trust.md';
const MARKS = ['<!-- table -->', '<!-- end of table -->'];
const NAMES = { P: 'Promise', X: 'Fault', A: 'Abuse', T: 'Trap' };

const specs = ['src', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => /(\.spec|\.e2e-spec|-cases)\.ts$/.test(file)),
);

// Titles of tests and of the rows of their tables.
const TITLE = /(?:\b(?:it|test|describe)\(\s*|\]\)\(\s*|\beach\(\w+\)\(\s*|\bname: )(['"`])(.*?)\1/g;

const found = new Map();
for (const file of specs.sort()) {
  for (const [, , title] of readFileSync(file, 'utf8').matchAll(TITLE)) {
    for (const [id] of title.matchAll(/\b[PXAT]\d{1,3}\b/g))
      found.set(id, (found.get(id) ?? new Set()).add(`\`${file}\`: ${title.replaceAll('|', '\\|')}`));
  }
}

const order = (id) => 'PXAT'.indexOf(id[0]) * 1000 + Number(id.slice(1));
const rows = [...found]
  .sort(([a], [b]) => order(a) - order(b))
  .map(([id, tests]) => `| ${id} | ${NAMES[id[0]]} | ${[...tests].join('<br>')} |`);
const table = ['', '| id | kind | tests |', '|---|---|---|', ...rows, ''].join('\n');

const page = readFileSync(PAGE, 'utf8');
const [before] = page.split(MARKS[0]);
const after = page.split(MARKS[1])[1];
const written = `${before}${MARKS[0]}\n${table}\n${MARKS[1]}${after}`;
if (process.argv.includes('--check')) {
  if (written !== page) {
    process.stderr.write(`${PAGE} is stale: run npm run docs\n`);
    process.exit(1);
  }
} else {
  writeFileSync(PAGE, written);
}
