// Runs in a thread of its own and as it is, also in tests, hence plain JavaScript. Answers a path with a type, or undefined.
import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { fileTypeFromBuffer } from 'file-type/core';

const HEAD_BYTES = 1_048_576;

/** @param {string} path */
const typeOf = async (path) => {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, (await handle.stat()).size));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const found = await fileTypeFromBuffer(head.subarray(0, bytesRead)).catch(() => undefined);
    return found?.mime;
  } finally {
    await handle.close();
  }
};

parentPort?.on('message', async (path) => parentPort?.postMessage(await typeOf(path)));
parentPort?.postMessage('ready');
