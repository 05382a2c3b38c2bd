// Writes docs/openapi.json, docs/asyncapi.json, docs/events.md, docs/permissions.md and docs/metrics.md from what was built. `--check` only compares.
import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import generator from 'ts-json-schema-generator';
import { AppModule } from '../dist/src/app.module.js';
import { readEnv } from '../dist/src/config/env.js';
import { asyncApi } from '../dist/src/reference/asyncapi.js';
import { doorsOf } from '../dist/src/reference/doors.js';
import { eventPage } from '../dist/src/reference/event-page.js';
import { toMarkdown } from '../dist/src/reference/markdown.js';
import { openApi } from '../dist/src/reference/openapi.js';
import { metricsPage } from '../dist/src/reference/metrics-page.js';
import { permissionPage } from '../dist/src/reference/permission-page.js';

const { definitions } = generator
  .createGenerator({
    path: 'src/contract/*.ts',
    tsconfig: 'tsconfig.json',
    type: '*',
    expose: 'export',
    jsDoc: 'extended',
    additionalProperties: false,
    functions: 'hide',
    skipTypeCheck: true,
  })
  .createSchema('*');

// Nothing is started: the address of the database is never used.
const doors = doorsOf(AppModule.with(readEnv({ DOCS: 'on' }), 'postgres://nowhere'));
const sockets = asyncApi(doors, definitions);
const toJson = async (file, document) => format(JSON.stringify(document), { ...(await resolveConfig(file)), filepath: file });
const documents = {
  'docs/openapi.json': await toJson('docs/openapi.json', openApi(doors, definitions)),
  'docs/asyncapi.json': await toJson('docs/asyncapi.json', sockets),
  'docs/events.md': `<!-- Written by npm run docs. -->\n\n${toMarkdown(eventPage(sockets))}`,
  'docs/permissions.md': `<!-- Written by npm run docs. -->\n\n${toMarkdown(permissionPage(doors))}`,
  'docs/metrics.md': `<!-- Written by npm run docs. -->\n\n${toMarkdown(metricsPage())}`,
};

const stale = [];
for (const [file, written] of Object.entries(documents)) {
  if (existsSync(file) && readFileSync(file, 'utf8') === written) continue;
  stale.push(file);
  if (!process.argv.includes('--check')) writeFileSync(file, written);
}
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`${stale.join(', ')}: stale, run npm run docs\n`);
  process.exit(1);
}
