// Writes the types of the REST interface for the client in sdk/, from docs/openapi.json.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
writeFileSync('sdk/src/rest-types.ts', `// Written by the build from docs/openapi.json.\n\n${astToString(await openapiTS(document))}`);
