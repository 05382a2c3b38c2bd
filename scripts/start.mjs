// `npm start`: runs the server in this process.
import './built.mjs';

await import('../dist/bundle/server.mjs');
