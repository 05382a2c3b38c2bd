import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { nameOf, useDesk } from '../desk.js';
import { useAgents } from '../directory.js';

const MOST = 8;

export interface Suggestion {
  id: string;
  label: string;
  hint: string;
}

/** Canned replies for a text that begins with a slash. */
export const useCannedReplies = (text: string): Suggestion[] => {
  const { parley } = useDesk();
  const q = /^\/([\w-]*)$/.exec(text)?.[1];
  const { data } = useQuery({
    queryKey: ['cannedReplies', q],
    queryFn: () =>
      bodyOf(parley.rest.GET('/api/canned-replies', { params: { query: { limit: MOST, ...(q !== '' && q !== undefined && { q }) } } })),
    enabled: q !== undefined,
  });
  return q === undefined ? [] : (data?.items.map(({ id, shortcut, body }) => ({ id, label: `/${shortcut}`, hint: body })) ?? []);
};

/** Colleagues whose name goes on behind the at sign before the cursor. */
export const useColleagues = (before: string): Suggestion[] => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const q = /(?:^|\s)@([\p{L}\p{N}_.-]*)$/u.exec(before)?.[1];
  const agents = useAgents(q !== undefined);
  if (q === undefined) return [];
  const wanted = q.toLowerCase();
  return agents
    .filter(({ id, disabled, name }) => id !== me.id && !disabled && (name ?? '').toLowerCase().includes(wanted))
    .slice(0, MOST)
    .map((agent) => ({ id: agent.id, label: nameOf(agent, t('somebody')), hint: t(`presence.${agent.presence}`) }));
};

interface Picking {
  list: ReactNode;
  /** The option that Enter takes, for the box's `aria-activedescendant`. */
  activeId: string | undefined;
  /** Whether the key was for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
}

/** A list over the box, walked through by arrows. */
export const usePicking = (items: Suggestion[], onPick: (item: Suggestion) => void, label: string): Picking => {
  const [at, setAt] = useState(0);
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const key = items.map(({ id }) => id).join();
  useEffect(() => setAt(0), [key]);
  const isOpen = items.length > 0 && closedFor !== key;
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((at + step + items.length) % items.length);
    else if (event.key === 'Enter' || event.key === 'Tab') onPick(items[at] ?? (items[0] as Suggestion));
    else if (event.key === 'Escape') setClosedFor(key);
    else return false;
    event.preventDefault();
    return true;
  };
  const list = isOpen && (
    <ul className="suggestions" role="listbox" aria-label={label}>
      {items.map((item, index) => (
        <li
          key={item.id}
          id={`suggestion-${item.id}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(item)}
        >
          <strong>{item.label}</strong> <span dir="auto">{item.hint}</span>
        </li>
      ))}
    </ul>
  );
  return { list, activeId: isOpen ? `suggestion-${items[at]?.id}` : undefined, onKeyDown };
};
