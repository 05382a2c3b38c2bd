// Fails when docs/asyncapi.json is no good AsyncAPI document: on errors and warnings, not on hints.
import { readFileSync } from 'node:fs';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(readFileSync('docs/asyncapi.json', 'utf8'));
const faults = diagnostics.filter(({ severity }) => severity <= DiagnosticSeverity.Warning);
for (const { path, message } of faults) process.stderr.write(`docs/asyncapi.json ${path.join('.')}: ${message}\n`);
if (!document || faults.length > 0) process.exit(1);
