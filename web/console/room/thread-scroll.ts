import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { LiveRoom, Message, RoomSnapshot } from '@parley/client';

/** As near to the end as this, in pixels, what comes is followed. */
const NEAR = 120;
/** As near to the beginning as this, the page before is read. */
const AHEAD = 600;

/** Where to go in a thread: to one message, or to what was said first since a time. */
export interface Jump {
  at: string;
  messageId?: string;
}

interface ThreadScroll {
  box: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  isLoading: boolean;
  /** Whether the newest is in sight. */
  isAtEnd: boolean;
  toEnd: () => void;
  older: () => void;
  /** The message that was gone to. */
  foundId: string | null;
}

/**
 * Keeps in sight what is read: at the end it follows what comes, elsewhere nothing that comes in before or behind moves it. Near
 * the beginning it reads what is older.
 */
export const useThreadScroll = (
  live: LiveRoom,
  { hasOlder, outgoing, typing, aiText }: RoomSnapshot,
  entries: readonly Message[],
  jump: Jump | null,
): ThreadScroll => {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const seen = useRef<{ first: string | undefined; fromEnd: number }>({ first: undefined, fromEnd: 0 });
  const [isAtEnd, setAtEnd] = useState(true);
  const [isLoading, setLoading] = useState(false);
  const [found, setFound] = useState<{ id: string } | null>(null);
  const hasMore = hasOlder.public || hasOlder.internal;

  const older = useCallback(async (): Promise<void> => {
    setLoading(true);
    // Without a connection there is nothing older for now; the connection's own line says so.
    await Promise.all([live.older('public'), live.older('internal')]).catch(() => undefined);
    setLoading(false);
  }, [live]);

  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return;
    const first = entries[0]?.id;
    if (follows.current) at.scrollTop = at.scrollHeight;
    else if (first !== seen.current.first) at.scrollTop = at.scrollHeight - seen.current.fromEnd;
    seen.current = { first, fromEnd: at.scrollHeight - at.scrollTop };
  }, [entries, outgoing.length, typing.length, aiText]);
  useEffect(() => {
    const at = box.current;
    const watch = new ResizeObserver(() => {
      if (at && follows.current) at.scrollTop = at.scrollHeight;
    });
    if (at) watch.observe(at);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (!jump) return;
    let isOver = false;
    follows.current = false;
    setLoading(true);
    void live
      .back(jump.at)
      .catch(() => undefined)
      .then(() => {
        if (isOver) return;
        setLoading(false);
        const id = jump.messageId ?? live.snapshot.entries.public.find(({ createdAt }) => createdAt >= jump.at)?.id;
        if (id !== undefined) setFound({ id });
      });
    return () => {
      isOver = true;
    };
  }, [live, jump]);
  useEffect(() => {
    // What is out of sight has no height of its own before: once it has, it is gone to again.
    if (!found) return;
    const go = (): void => {
      follows.current = false;
      document.getElementById(`entry-${found.id}`)?.scrollIntoView({ block: 'center' });
    };
    go();
    const frame = requestAnimationFrame(go);
    return () => cancelAnimationFrame(frame);
  }, [found]);

  const onScroll = (): void => {
    const at = box.current;
    if (!at) return;
    follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
    seen.current.fromEnd = at.scrollHeight - at.scrollTop;
    setAtEnd(follows.current);
    if (at.scrollTop < AHEAD && hasMore && !isLoading) void older();
  };
  const toEnd = (): void => {
    follows.current = true;
    setAtEnd(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  return { box, onScroll, isLoading, isAtEnd, toEnd, older: () => void older(), foundId: found?.id ?? null };
};
