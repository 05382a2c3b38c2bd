// `npm run cli -- …`: runs a command of the operator in this process.
import { build } from './built.mjs';

build();
await import('../dist/src/cli/main.js');
