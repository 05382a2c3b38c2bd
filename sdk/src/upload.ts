import type { Attachment } from '../../src/contract/message.js';
import { errorOf, noConnection } from './error.js';

export interface UploadOptions {
  /** Hears how much was sent, from 0 to 1, where the platform tells. */
  onProgress?: (share: number) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

interface Sent {
  status: number;
  text: string;
}

/** Browsers tell the progress of a request only this way. */
const sendInBrowser = (url: string, token: string, form: FormData, { onProgress, signal }: UploadOptions): Promise<Sent> =>
  new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onload = () => done({ status: request.status, text: request.responseText });
    request.onerror = () => fail(noConnection());
    request.onabort = () => fail(new DOMException('The upload was cancelled', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    if (signal?.aborted) request.abort();
    else request.send(form);
  });

const sendByFetch = async (url: string, token: string, body: FormData, { signal }: UploadOptions): Promise<Sent> => {
  const response = await fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body, signal }).catch(
    (error: unknown) => {
      throw signal?.aborted ? error : noConnection(error);
    },
  );
  return { status: response.status, text: await response.text() };
};

/** Sends a file into a room. @throws ParleyError; `AbortError` when it was cancelled. */
export const upload = async (
  url: string,
  token: string,
  roomId: string,
  file: Blob,
  name: string,
  options: UploadOptions,
): Promise<Attachment> => {
  const form = new FormData();
  form.append('roomId', roomId);
  // The server would clean it of them, but no header may hold them.
  form.append('file', file, name.replace(/\p{Cc}/gu, ''));
  const send = 'XMLHttpRequest' in globalThis ? sendInBrowser : sendByFetch;
  const { status, text } = await send(`${url}/api/uploads`, token, form, options);
  const body: unknown = text === '' ? null : parse(text);
  if (status !== 201) throw errorOf(status, body);
  return body as Attachment;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
