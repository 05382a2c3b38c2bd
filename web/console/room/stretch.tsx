import { Fragment, memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/client';
import { dayOf, timeOf } from '../../chat/format.js';
import { Entry, type Mark } from './entry.js';
import { useLine } from './line.js';

/** So many entries of the public stream are laid out together, or not at all while they are out of sight. */
const LENGTH = 50;
/** About how high an entry is, in pixels, before it was laid out. */
const HEIGHT = 52;

/** A part of a thread. */
interface StretchValue {
  key: number;
  entries: readonly Message[];
  /** What each of them answers. */
  answered: readonly (Message | undefined)[];
  /** What was said just before. */
  before: Message | undefined;
}

/** Cuts a thread where nothing that comes in before or behind cuts it anew. */
export const stretchesOf = (entries: readonly Message[]): StretchValue[] => {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const stretches: { key: number; entries: Message[]; answered: (Message | undefined)[]; before: Message | undefined }[] = [];
  let key = Math.floor((entries.find(({ stream }) => stream === 'public')?.seq ?? 0) / LENGTH);
  entries.forEach((entry, at) => {
    if (entry.stream === 'public') key = Math.floor(entry.seq / LENGTH);
    let last = stretches.at(-1);
    if (last?.key !== key) stretches.push((last = { key, entries: [], answered: [], before: entries[at - 1] }));
    last.entries.push(entry);
    last.answered.push(entry.replyTo === null ? undefined : byId.get(entry.replyTo));
  });
  return stretches;
};

interface StretchProps extends StretchValue {
  /** The message whose way is told, and how far it has come. */
  markedId: string | undefined;
  mark: Mark | null;
  firstUnreadId: string | null;
  foundId: string | null;
  canChange: boolean;
  onAnswer: ((entry: Message) => void) | undefined;
  onHistory: (entry: Message) => void;
  onTranslate: ((body: string) => Promise<string | null>) | undefined;
}

const isSame = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((item, at) => item === other[at])
    : Object.is(one, other);

/** What was said and done in a part of a thread, with the days. */
export const Stretch = memo(
  ({ entries, answered, before, markedId, mark, firstUnreadId, foundId, ...more }: StretchProps): ReactNode => {
    const { t, i18n } = useTranslation();
    const lineOf = useLine();
    return (
      <ol className="stretch" style={{ containIntrinsicSize: `auto ${entries.length * HEIGHT}px` }}>
        {entries.map((entry, at) => {
          const previous = at === 0 ? before : entries[at - 1];
          const day = dayOf(entry.createdAt, i18n.language);
          const isNewDay = !previous || dayOf(previous.createdAt, i18n.language) !== day;
          const isFirst =
            isNewDay || previous.sender?.id !== entry.sender?.id || previous.stream !== entry.stream || previous.kind === 'activity';
          return (
            <Fragment key={entry.id}>
              {isNewDay && <li className="thread-line">{day}</li>}
              {entry.id === firstUnreadId && <li className="thread-line thread-new">{t('newMessages')}</li>}
              {entry.kind === 'activity' ? (
                <li className="thread-line">
                  {lineOf(entry)} · {timeOf(entry.createdAt, i18n.language)}
                </li>
              ) : (
                <Entry
                  {...more}
                  entry={entry}
                  answered={answered[at]}
                  isFirst={isFirst}
                  isFound={entry.id === foundId}
                  mark={entry.id === markedId ? mark : null}
                />
              )}
            </Fragment>
          );
        })}
      </ol>
    );
  },
  (one, other) => (Object.keys(other) as (keyof StretchProps)[]).every((name) => isSame(one[name], other[name])),
);
Stretch.displayName = 'Stretch';
