import { useEffect, useRef, useState } from 'react';
import { bodyOf, ParleyError, type Parley, type Stream } from '@parley/client';

const SAVE_MS = 800;
const RETRY_MS = 3_000;

/** What was begun in a room and stream. */
interface Begun {
  roomId: string;
  stream: Stream;
  text: string;
}

const keyOf = ({ roomId, stream }: Omit<Begun, 'text'>): string => `${roomId} ${stream}`;

/**
 * What one has begun to write, kept by the server: on another machine it is there as well. What the server does not have yet outlives
 * the room's being left, and is saved once there is a connection.
 */
export class Drafts {
  private readonly unsaved = new Map<string, Begun>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | undefined;
  private isBehind = false;

  constructor(private readonly rest: Parley['rest']) {
    addEventListener('pagehide', this.leave);
    addEventListener('beforeunload', this.ask);
  }

  end(): void {
    clearTimeout(this.timer);
    removeEventListener('pagehide', this.leave);
    removeEventListener('beforeunload', this.ask);
  }

  /** Undefined where the server knows it. */
  here(roomId: string, stream: Stream): string | undefined {
    return this.unsaved.get(keyOf({ roomId, stream }))?.text;
  }

  /** @throws ParleyError */
  async read(roomId: string, stream: Stream): Promise<string> {
    const { body } = await bodyOf(this.rest.GET('/api/rooms/{roomId}/draft', { params: { path: { roomId }, query: { stream } } }));
    return this.here(roomId, stream) ?? body ?? '';
  }

  keep(begun: Begun): void {
    this.unsaved.set(keyOf(begun), begun);
    this.later(SAVE_MS);
  }

  /** Saves at once what there is. */
  save(): Promise<void> {
    clearTimeout(this.timer);
    return (this.saving ??= this.saveAll().finally(() => (this.saving = undefined)));
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), ms);
  }

  /** One after the other: what was written last is there in the end. */
  private async saveAll(): Promise<void> {
    for (const [key, begun] of this.unsaved) {
      try {
        await this.write(begun);
      } catch (error) {
        this.isBehind = error instanceof ParleyError && error.retryable;
        if (this.isBehind) {
          this.later(RETRY_MS);
          return;
        }
        // The room is out of reach by now.
      }
      this.isBehind = false;
      if (this.unsaved.get(key) === begun) this.unsaved.delete(key);
      else this.later(SAVE_MS);
    }
  }

  private async write({ roomId, stream, text }: Begun, keepalive = false): Promise<void> {
    const path = { roomId };
    if (text.trim() === '') await bodyOf(this.rest.DELETE('/api/rooms/{roomId}/draft', { params: { path, query: { stream } }, keepalive }));
    else await bodyOf(this.rest.PUT('/api/rooms/{roomId}/draft', { params: { path }, body: { stream, body: text }, keepalive }));
  }

  private readonly leave = (): void => {
    for (const begun of this.unsaved.values()) this.write(begun, true).catch(() => undefined);
  };

  /** Words would be lost: the server has not answered, and they are nowhere else. */
  private readonly ask = (event: BeforeUnloadEvent): void => {
    if (this.isBehind && [...this.unsaved.values()].some(({ text }) => text.trim() !== '')) event.preventDefault();
  };
}

interface DraftText {
  text: string;
  /** To a text, or to what becomes of the one that is there by then. */
  set: (next: string | ((text: string) => string)) => void;
}

export const useDraft = (drafts: Drafts, roomId: string, stream: Stream): DraftText => {
  const [text, setText] = useState(() => drafts.here(roomId, stream) ?? '');
  const latest = useRef(text);
  const isTouched = useRef(text !== '');
  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      try {
        const found = await drafts.read(roomId, stream);
        // What was typed meanwhile counts more.
        if (isLeft || isTouched.current) return;
        latest.current = found;
        setText(found);
      } catch {
        if (!isLeft) timer = setTimeout(() => void read(), RETRY_MS);
      }
    };
    void read();
    return () => {
      isLeft = true;
      clearTimeout(timer);
      void drafts.save();
    };
  }, [drafts, roomId, stream]);
  const set: DraftText['set'] = (next) => {
    latest.current = typeof next === 'string' ? next : next(latest.current);
    isTouched.current = true;
    setText(latest.current);
    drafts.keep({ roomId, stream, text: latest.current });
  };
  return { text, set };
};
