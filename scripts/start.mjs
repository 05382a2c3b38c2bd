// `npm start`: runs the server in this process.
import { build } from './built.mjs';

build();
await import('../dist/src/main.js');
