import { useEffect, useRef, useState } from 'react';

const SECONDS = 5;

interface Undo {
  /** How long it can still be taken back; null when there is nothing. */
  seconds: number | null;
  begin: (send: () => void, restore: () => void) => void;
  undo: () => void;
  /** Sends now. */
  finish: () => void;
}

/** Holds a message back for five seconds. Whatever ends the page or leaves the room sends it. */
export const useUndo = (): Undo => {
  const [seconds, setSeconds] = useState<number | null>(null);
  const held = useRef<{ send: () => void; restore: () => void } | null>(null);
  const release = (how: 'send' | 'restore'): void => {
    const one = held.current;
    held.current = null;
    setSeconds(null);
    one?.[how]();
  };
  useEffect(() => {
    if (seconds === null) return;
    const timer = setTimeout(() => (seconds <= 1 ? release('send') : setSeconds(seconds - 1)), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  useEffect(() => {
    const end = (): void => held.current?.send();
    addEventListener('pagehide', end);
    return () => {
      removeEventListener('pagehide', end);
      end();
      held.current = null;
    };
  }, []);
  return {
    seconds,
    begin: (send, restore) => {
      release('send');
      held.current = { send, restore };
      setSeconds(SECONDS);
    },
    undo: () => release('restore'),
    finish: () => release('send'),
  };
};
