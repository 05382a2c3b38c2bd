import { ActionIcon, Alert, Button, Group, SegmentedControl, Text, Textarea, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type LiveRoom, type Message, type RoomSnapshot, type Stream } from '@parley/client';
import type { StaffRoom, Viewer } from '../../../src/contract/room.js';
import { useAsk } from '../ask.js';
import { nameOf, useDesk } from '../desk.js';
import { useAgents } from '../directory.js';
import { Icon } from '../icon.js';
import { calledIn } from './called.js';
import { useDraft } from './drafts.js';
import { quoteOf } from './entry.js';
import { useCannedReplies, useColleagues, usePicking, type Suggestion } from './suggestions.js';
import { EmojiButton } from './emoji-button.js';
import type { Help } from './help.js';
import { HelpMenu } from './help-menu.js';
import { Proposal } from './proposal.js';
import { useUndo } from './undo.js';
import { Uploading } from './uploading.js';
import { useUploads } from './uploads.js';

interface ComposerProps {
  live: LiveRoom;
  snapshot: RoomSnapshot;
  room: StaffRoom;
  viewers: readonly Viewer[];
  answered: Message | null;
  onAnswer: (to: Message | null) => void;
  help: Help;
}

const joined = (...texts: string[]): string => texts.filter((text) => text !== '').join('\n\n');

/** The last thing that another one of the staff has told the customer. */
const lastOfColleagues = ({ entries }: RoomSnapshot, userId: string): number =>
  entries.public.findLast(
    ({ sender, kind }) => kind !== 'activity' && sender.id !== userId && (sender.role === 'agent' || sender.role === 'admin'),
  )?.seq ?? 0;

/**
 * Where staff write. A reply and a note have a box, a colour and a draft of their own: what was begun as the one never goes out as
 * the other.
 */
export const Composer = ({ live, snapshot, room, viewers, answered, onAnswer, help }: ComposerProps): ReactNode => {
  const { t } = useTranslation();
  const { parley, me, drafts: kept } = useDesk();
  const [stream, setStream] = useState<Stream>('public');
  const drafts = { public: useDraft(kept, room.id, 'public'), internal: useDraft(kept, room.id, 'internal') };
  const { text, set } = drafts[stream];
  const [cursor, setCursor] = useState(0);
  const [mentioned, setMentioned] = useState<Suggestion[]>([]);
  const [seenSeq, setSeenSeq] = useState<number | null>(null);
  const [isWarned, setWarned] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = { public: useUploads(room.id), internal: useUploads(room.id) };
  const { files, list } = uploads[stream];
  const undo = useUndo();
  const ask = useAsk();
  const isNote = stream === 'internal';
  /** A note is answered among colleagues only. */
  const target = isNote || answered?.stream === 'public' ? answered : null;
  const agents = useAgents(isNote && text.includes('@'));

  const focus = (to: Stream): void => {
    setStream(to);
    box.current?.focus();
  };
  useHotkeys([
    ['R', () => focus('public')],
    ['N', () => focus('internal')],
  ]);
  useEffect(() => {
    if (!answered) return;
    // A note is answered by a note: what was said among colleagues stays there.
    focus(answered.stream);
  }, [answered]);

  const write = (next: string): void => {
    set(next);
    setWarned(false);
    if (next === '') {
      setSeenSeq(null);
      return;
    }
    if (seenSeq === null) setSeenSeq(lastOfColleagues(snapshot, me.id));
    live.type(stream);
  };
  const replaceBefore = (length: number, by: string): void => {
    write(text.slice(0, cursor - length) + by + text.slice(cursor));
    setTimeout(() => box.current?.focus());
  };
  /** Nothing that was written is lost: a summary is put behind the note that was begun. */
  const take = (proposed: string): void => {
    if (help.proposal?.kind === 'summary') {
      focus('internal');
      drafts.internal.set((begun) => joined(begun, proposed));
    } else write(proposed);
    help.dismiss();
    box.current?.focus();
  };
  const fill = async ({ id }: Suggestion): Promise<void> => {
    const options = { params: { path: { id } }, body: { roomId: room.id } };
    await ask(async () => write((await bodyOf(parley.rest.POST('/api/canned-replies/{id}/render', options))).body));
  };
  const before = text.slice(0, cursor);
  const canned = usePicking(useCannedReplies(text), (item) => void fill(item), t('cannedReplies'));
  const colleagues = usePicking(
    useColleagues(before),
    (item) => {
      setMentioned((all) => [...all, item]);
      replaceBefore(/@[^\s@]*$/.exec(before)?.[0].length ?? 0, `@${item.label} `);
    },
    t('colleagues'),
  );

  const canSend = (text.trim() !== '' || files.ready.length > 0) && !files.isBusy;
  const send = (): void => {
    if (!canSend) return;
    // Somebody has answered while this was being written.
    if (!isNote && !isWarned && seenSeq !== null && lastOfColleagues(snapshot, me.id) > seenSeq) {
      setWarned(true);
      return;
    }
    const body = text.trim();
    const { ready } = files;
    const mentions = calledIn(
      body,
      mentioned,
      agents.filter(({ id }) => id !== me.id),
    );
    const draft = {
      stream,
      ...(body !== '' && { body }),
      ...(ready.length > 0 && { attachmentIds: ready.map(({ id }) => id) }),
      ...(target && { replyTo: target.id }),
      ...(mentions.length > 0 && { mentions }),
    };
    const restore = (): void => {
      // Before what was written since.
      drafts[stream].set((since) => joined(body, since));
      files.restore(ready);
      setMentioned((since) => [...mentioned, ...since]);
      if (target) onAnswer(target);
    };
    live.stopTyping(stream);
    set('');
    setSeenSeq(null);
    setWarned(false);
    setMentioned([]);
    files.sent(ready);
    if (target) onAnswer(null);
    if (isNote) void live.send(draft);
    else undo.begin(() => void live.send(draft), restore);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (canned.onKeyDown(event) || colleagues.onKeyDown(event)) return;
    // While a word is composed Enter belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') box.current?.blur();
  };
  const composing = viewers.filter((viewer) => viewer.composing === 'public');

  return (
    <form
      className="composer"
      data-stream={stream}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        files.addAll(event.dataTransfer.files);
      }}
    >
      {!isNote && composing[0] && (
        <Alert p="xs" color="orange" role="status">
          {t('alsoAnswers', { name: nameOf(composing[0].user, t('somebody')) })}
        </Alert>
      )}
      {isWarned && (
        <Alert p="xs" color="red" role="alert">
          <Group justify="space-between">
            <Text size="sm">{t('answeredMeanwhile')}</Text>
            <Button size="compact-xs" color="red" onClick={send}>
              {t('sendAnyway')}
            </Button>
          </Group>
        </Alert>
      )}
      {help.proposal && <Proposal proposal={help.proposal} onUse={take} onDismiss={help.dismiss} />}
      {undo.seconds !== null && (
        <Alert p="xs" role="status">
          <Group justify="space-between">
            <Text size="sm">{t('sendingIn', { seconds: undo.seconds })}</Text>
            <Group gap="xs">
              <Button size="compact-xs" variant="default" onClick={undo.undo}>
                {t('undo')}
              </Button>
              <Button size="compact-xs" variant="subtle" onClick={undo.finish}>
                {t('sendNow')}
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('whoReads')}
          value={stream}
          data={[
            { value: 'public', label: t('reply') },
            { value: 'internal', label: t('note') },
          ]}
          onChange={(value) => focus(value)}
        />
        <Text size="xs" c={isNote ? 'var(--note-words)' : 'dimmed'} fw={isNote ? 600 : 400}>
          {isNote ? t('noteHint') : t('replyHint', { name: nameOf(room.customer, t('guest')) })}
        </Text>
      </Group>
      {target && (
        <Group justify="space-between" wrap="nowrap">
          <blockquote dir="auto">{quoteOf(target, t)}</blockquote>
          <ActionIcon variant="subtle" size="sm" aria-label={t('answerNot')} onClick={() => onAnswer(null)}>
            <Icon name="close" />
          </ActionIcon>
        </Group>
      )}
      <Uploading files={list} />
      <div className="composer-box">
        {canned.list}
        {colleagues.list}
        <Textarea
          ref={box}
          autosize
          minRows={2}
          maxRows={10}
          dir="auto"
          maxLength={4_000}
          aria-label={t(isNote ? 'writeNote' : 'writeReply')}
          placeholder={t(isNote ? 'writeNoteHint' : 'writeReplyHint')}
          aria-activedescendant={canned.activeId ?? colleagues.activeId}
          value={text}
          onChange={({ currentTarget }) => {
            setCursor(currentTarget.selectionStart);
            write(currentTarget.value);
          }}
          onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart)}
          onPaste={({ clipboardData }) => files.addAll(clipboardData.files)}
          onBlur={() => live.stopTyping(stream)}
          onKeyDown={onKeyDown}
        />
      </div>
      <Group justify="space-between">
        <Group gap={4}>
          <Tooltip label={t('attach')}>
            <ActionIcon variant="subtle" aria-label={t('attach')} onClick={() => picker.current?.click()}>
              <Icon name="clip" />
            </ActionIcon>
          </Tooltip>
          <EmojiButton onPick={(emoji) => replaceBefore(0, emoji)} />
          {help.isOn && <HelpMenu help={help} text={text} isNote={isNote} />}
        </Group>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('attach')}
          onChange={({ currentTarget }) => {
            files.addAll(currentTarget.files);
            currentTarget.value = '';
          }}
        />
        <Button
          type="submit"
          size="xs"
          disabled={!canSend}
          color={isNote ? 'yellow' : undefined}
          leftSection={<Icon name={isNote ? 'note' : 'send'} />}
        >
          {t(isNote ? 'addNote' : 'sendReply')}
        </Button>
      </Group>
    </form>
  );
};
