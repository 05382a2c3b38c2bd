import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { nameOf, useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { Marked } from '../marked.js';
import type { Jump } from './thread-scroll.js';
import { Loading } from '../loading.js';

interface FindDialogProps {
  room: StaffRoom;
  onJump: (jump: Jump) => void;
  onClose: () => void;
}

/** Finds what was said in a room, by words or by day. */
const FindDialog = ({ room, onJump, onClose }: FindDialogProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const [q, setQ] = useState('');
  const [day, setDay] = useState('');
  const [asked] = useDebouncedValue(q.trim(), 300);
  const path = { roomId: room.id };
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['find', room.id, asked],
    queryFn: ({ pageParam: cursor }) =>
      bodyOf(
        parley.rest.GET('/api/rooms/{roomId}/messages/search', {
          params: { path, query: { q: asked, limit: 20, ...(cursor !== null && { cursor }) } },
        }),
      ),
    enabled: asked !== '',
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const hits = data?.pages.flatMap(({ items }) => items) ?? [];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const to = (jump: Jump): void => {
    onJump(jump);
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('find')} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          to({ at: new Date(`${day}T00:00`).toISOString() });
        }}
      >
        <Group align="end">
          <TextInput
            type="date"
            label={t('find.day')}
            min={room.createdAt.slice(0, 10)}
            value={day}
            onChange={({ currentTarget }) => setDay(currentTarget.value)}
          />
          <Button type="submit" variant="light" disabled={day === ''}>
            {t('find.go')}
          </Button>
        </Group>
      </form>
      <TextInput
        type="search"
        mt="md"
        label={t('find.words')}
        maxLength={200}
        data-autofocus
        value={q}
        onChange={({ currentTarget }) => setQ(currentTarget.value)}
      />
      <div className="hits" aria-busy={isFetching}>
        {hits.map(({ message, highlight }) => (
          <button
            key={message.id}
            type="button"
            data-stream={message.stream}
            onClick={() => to({ at: message.createdAt, messageId: message.id })}
          >
            <small>
              {nameOf({ name: message.sender.name }, t('somebody'))} · {time.format(new Date(message.createdAt))}
              {message.stream === 'internal' && ` · ${t('note')}`}
            </small>
            <span dir="auto">
              <Marked html={highlight} />
            </span>
          </button>
        ))}
      </div>
      {isFetching && <Loading size="sm" />}
      {error && <Text role="alert">{t('listFailed')}</Text>}
      {data && hits.length === 0 && (
        <Text role="status" c="dimmed">
          {t('listNothingFound')}
        </Text>
      )}
      {hasNextPage && (
        <Button size="xs" variant="light" mt="sm" onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Dialog>
  );
};

export default FindDialog;
