import { useEffect, useRef, useState } from 'react';
import { bodyOf, type Parley, type Stream } from '@parley/client';

const SAVE_MS = 800;

interface DraftText {
  text: string;
  set: (text: string) => void;
}

const draftOf = (parley: Parley, roomId: string, stream: Stream): KeptDraft => {
  const params = { path: { roomId } };
  return {
    read: () => bodyOf(parley.rest.GET('/api/rooms/{roomId}/draft', { params: { ...params, query: { stream } } })),
    write: (body: string) => parley.rest.PUT('/api/rooms/{roomId}/draft', { params, body: { stream, body } }),
    forget: () => parley.rest.DELETE('/api/rooms/{roomId}/draft', { params: { ...params, query: { stream } } }),
  };
};

/** What can be done with a draft. */
interface KeptDraft {
  read: () => Promise<{ body: string | null }>;
  write: (body: string) => Promise<unknown>;
  forget: () => Promise<unknown>;
}

/** What one has begun to write in a room and stream, kept by the server: on another machine it is there as well. */
export const useDraft = (parley: Parley, roomId: string, stream: Stream): DraftText => {
  const [text, setText] = useState('');
  const latest = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const draft = draftOf(parley, roomId, stream);
    let isLeft = false;
    draft.read().then(
      ({ body }) => {
        // What was typed meanwhile counts more.
        if (!isLeft && latest.current === null && body !== null) setText(body);
      },
      () => undefined,
    );
    return () => {
      isLeft = true;
      clearTimeout(timer.current);
      if (latest.current !== null) void save(draft, latest.current);
    };
  }, [parley, roomId, stream]);
  const set = (next: string): void => {
    setText(next);
    latest.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      latest.current = null;
      void save(draftOf(parley, roomId, stream), next);
    }, SAVE_MS);
  };
  return { text, set };
};

/** A draft that is lost costs a few words, and is tried again at the next key. */
const save = ({ write, forget }: KeptDraft, text: string): Promise<unknown> =>
  (text.trim() === '' ? forget() : write(text)).catch(() => undefined);
