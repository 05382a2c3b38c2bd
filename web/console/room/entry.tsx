import { ActionIcon, Anchor, Avatar, Badge, Button, Group, Menu, Textarea } from '@mantine/core';
import type { TFunction } from 'i18next';
import { memo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type LiveRoom, type Message, type Outgoing } from '@parley/client';
import { shortened, timeOf } from '../../chat/format.js';
import { reasonOf } from '../ask.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { useDesk } from '../desk.js';
import { Icon } from '../icon.js';
import { Attachments } from './attachments.js';
import { Text } from './text.js';

export type Mark = 'sent' | 'delivered' | 'read';

interface EntryProps {
  entry: Message;
  answered: Message | undefined;
  /** Whether it begins a row of messages of one person. */
  isFirst: boolean;
  /** Whether it was looked for. */
  isFound: boolean;
  /** How far it has come: shown at the last own one. */
  mark: Mark | null;
  canChange: boolean;
  onAnswer: ((entry: Message) => void) | undefined;
  onHistory: (entry: Message) => void;
  onTranslate: ((body: string) => Promise<string | null>) | undefined;
}

/** What a message says, to be shown where it is answered. */
export const quoteOf = ({ body, attachments, deletedAt }: Message, t: TFunction): string =>
  deletedAt === null ? (body ?? attachments.map(({ name }) => name).join(', ')) : t('deleted');

const Editor = ({ entry, onDone }: { entry: Message; onDone: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const [text, setText] = useState(entry.body ?? '');
  const [fault, setFault] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    try {
      const params = { path: { roomId: entry.roomId, messageId: entry.id } };
      await bodyOf(parley.rest.PATCH('/api/rooms/{roomId}/messages/{messageId}', { params, body: { body: text.trim() } }));
      onDone();
    } catch (error) {
      setFault(reasonOf(error, t));
    }
  };
  return (
    <div>
      <Textarea
        autosize
        autoFocus
        aria-label={t('editMessage')}
        maxLength={4_000}
        value={text}
        error={fault}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') onDone();
          else if (event.key === 'Enter' && !event.shiftKey && text.trim() !== '') {
            event.preventDefault();
            void save();
          }
        }}
      />
      <Group gap="xs" mt={6}>
        <Button size="compact-xs" disabled={text.trim() === ''} onClick={() => void save()}>
          {t('save')}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onDone}>
          {t('cancel')}
        </Button>
      </Group>
    </div>
  );
};

/** A menu that costs nothing before it is opened: there are thousands in a long thread. */
const EntryMenu = ({ label, children }: { label: string; children: ReactNode }): ReactNode => {
  const [wasOpened, setOpened] = useState(false);
  const button = (
    <ActionIcon
      className="entry-menu"
      size="sm"
      variant="subtle"
      color="gray"
      aria-label={label}
      aria-haspopup="menu"
      onClick={wasOpened ? undefined : () => setOpened(true)}
    >
      <Icon name="more" />
    </ActionIcon>
  );
  if (!wasOpened) return button;
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
};

/** One thing that was said, to the customer or among colleagues. */
export const Entry = memo(
  ({ entry, answered, isFirst, isFound, mark, canChange, onAnswer, onHistory, onTranslate }: EntryProps): ReactNode => {
    const { t, i18n } = useTranslation();
    const { parley, me } = useDesk();
    const [isEditing, setEditing] = useState(false);
    const [isRemoving, setRemoving] = useState(false);
    const [translated, setTranslated] = useState<string | null>(null);
    const { sender, stream, body, deletedAt, editedAt } = entry;
    const isCustomers = sender?.role === 'guest' || sender?.role === 'customer';
    const isOwn = sender?.id === me.id;
    const name = isOwn ? t('you') : (sender?.name ?? t(isCustomers ? 'guest' : 'somebody'));
    const isGone = deletedAt !== null;
    const remove = (): Promise<unknown> => {
      const params = { path: { roomId: entry.roomId, messageId: entry.id } };
      return bodyOf(parley.rest.DELETE('/api/rooms/{roomId}/messages/{messageId}', { params }));
    };
    return (
      <li
        className="entry"
        data-side={isCustomers ? 'theirs' : 'ours'}
        data-stream={stream}
        data-first={isFirst}
        data-found={isFound}
        id={`entry-${entry.id}`}
      >
        {isCustomers && <span className="entry-avatar">{isFirst && <Avatar size="sm" name={name} src={sender.avatarUrl} />}</span>}
        <div className="entry-bubble">
          <span className={isFirst || stream === 'internal' ? 'entry-name' : 'unseen'} dir="auto">
            {name} {entry.ai && <Badge size="xs">{t('machine')}</Badge>}
            {stream === 'internal' && (
              <Badge size="xs" className="note-badge" variant="transparent" leftSection={<Icon name="note" />}>
                {t('note')}
              </Badge>
            )}
          </span>
          {entry.replyTo !== null && !isGone && <blockquote dir="auto">{answered ? quoteOf(answered, t) : t('earlierMessage')}</blockquote>}
          {isEditing ? (
            <Editor entry={entry} onDone={() => setEditing(false)} />
          ) : isGone ? (
            <p className="entry-gone">{t('deleted')}</p>
          ) : (
            body !== null && <Text body={body} />
          )}
          {translated !== null && (
            <div className="entry-translation">
              <small>{t('translated')}</small>
              <Text body={translated} />
            </div>
          )}
          <Attachments files={entry.attachments} />
          <span className="entry-foot">
            {editedAt !== null && !isGone && (
              <Anchor component="button" type="button" size="xs" onClick={() => onHistory(entry)}>
                {t('edited')}
              </Anchor>
            )}
            <time dateTime={entry.createdAt}>{timeOf(entry.createdAt, i18n.language)}</time>
            {mark && <span> · {t(`mark.${mark}`)}</span>}
          </span>
        </div>
        {!isGone && (onAnswer ?? onTranslate ?? (canChange && isOwn)) && (
          <EntryMenu label={t('ofMessage', { text: shortened(quoteOf(entry, t)) })}>
            {onAnswer && <Menu.Item onClick={() => onAnswer(entry)}>{t('answer')}</Menu.Item>}
            {onTranslate && isCustomers && body !== null && (
              <Menu.Item onClick={() => void onTranslate(body).then(setTranslated)}>{t('translate')}</Menu.Item>
            )}
            {canChange && isOwn && body !== null && <Menu.Item onClick={() => setEditing(true)}>{t('edit')}</Menu.Item>}
            {canChange && (isOwn || me.role === 'admin') && (
              <Menu.Item color="red" onClick={() => setRemoving(true)}>
                {t('delete')}
              </Menu.Item>
            )}
          </EntryMenu>
        )}
        {isRemoving && (
          <ConfirmDialog
            title={t('deleteMessage')}
            warning={t(stream === 'internal' ? 'deleteWarning' : 'deleteMessageWarning')}
            action={t('delete')}
            work={remove}
            onClose={() => setRemoving(false)}
          />
        )}
      </li>
    );
  },
);
Entry.displayName = 'Entry';

/** What is on its way, or was refused. */
export const Unsent = ({ message, live }: { message: Outgoing; live: LiveRoom }): ReactNode => {
  const { t } = useTranslation();
  return (
    <li className="entry" data-side="ours" data-stream={message.stream ?? 'public'} data-state={message.state} data-first>
      <div className="entry-bubble">
        {message.body !== undefined && <Text body={message.body} />}
        <span className="entry-foot">
          {message.state === 'failed' ? (
            <>
              {t('notSent', { reason: message.error && t(`refused.${message.error.code}`, message.error.message) })}{' '}
              <Anchor component="button" type="button" size="xs" onClick={() => void live.retry(message.clientMessageId)}>
                {t('tryAgain')}
              </Anchor>{' '}
              <Anchor component="button" type="button" size="xs" onClick={() => void live.discard(message.clientMessageId)}>
                {t('discard')}
              </Anchor>
            </>
          ) : (
            t('sending')
          )}
        </span>
      </div>
    </li>
  );
};
