import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { nameOf, useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { ListEnd } from '../list-end.js';
import { Marked } from '../marked.js';
import { useMomentWords } from '../moment.js';
import { usePages } from '../pages.js';
import type { Jump } from './thread-scroll.js';

interface FindDialogProps {
  room: StaffRoom;
  onJump: (jump: Jump) => void;
  onClose: () => void;
}

/** Finds what was said in a room, by words or by day. */
const FindDialog = ({ room, onJump, onClose }: FindDialogProps): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const [q, setQ] = useState('');
  const [day, setDay] = useState('');
  const [asked] = useDebouncedValue(q.trim(), 300);
  const path = { roomId: room.id };
  const pages = usePages(
    ['find', room.id, asked],
    (page) => bodyOf(parley.rest.GET('/api/rooms/{roomId}/messages/search', { params: { path, query: { q: asked, ...page } } })),
    { limit: 20, isWanted: asked !== '' },
  );
  const momentWords = useMomentWords();
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
      <div className="hits" aria-busy={pages.isFetching}>
        {pages.items.map(({ message, highlight }) => (
          <button
            key={message.id}
            type="button"
            data-stream={message.stream}
            onClick={() => to({ at: message.createdAt, messageId: message.id })}
          >
            <small>
              {nameOf({ name: message.sender.name }, t('somebody'))} · {momentWords(message.createdAt)}
              {message.stream === 'internal' && ` · ${t('note')}`}
            </small>
            <span dir="auto">
              <Marked html={highlight} />
            </span>
          </button>
        ))}
      </div>
      <ListEnd pages={pages} empty={t('listNothingFound')} />
    </Dialog>
  );
};

export default FindDialog;
