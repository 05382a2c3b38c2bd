import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const COLLECTIONS = 3;

/** Lets a Node process that runs with `--inspect` collect all garbage, so that its memory is what it holds. */
export const collectGarbage = async (inspectorPort: number): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`);
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  if (!target) throw new Error('The process has no inspector');
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  for (let id = 0; id < COLLECTIONS; id++) {
    const answered = new Promise((done) => socket.once('message', done));
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    await answered;
    // Freed pages go back to the system a moment later.
    await sleep(300);
  }
  const closed = new Promise((done) => socket.once('close', done));
  socket.close();
  await closed;
};
