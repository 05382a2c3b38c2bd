import { request } from 'node:http';
import { recordAnswer } from './traffic.js';

interface RawAnswer {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Without what `fetch` would tidy up. */
export const raw = (
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer | string,
): Promise<RawAnswer> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(url);
    const call = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        const text = Buffer.concat(chunks).toString();
        recordAnswer(method, path, status, headers['content-type'] ?? null, text);
        done({ status, text, headers });
      });
    });
    call.on('error', fail);
    call.end(body);
  });
