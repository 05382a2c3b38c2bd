// `npm run cli -- …`: runs a command of the operator in this process.
import './built.mjs';

await import('../dist/bundle/cli.mjs');
