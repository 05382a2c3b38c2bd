import { ActionIcon, Popover } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.js';

const Emoji = lazy(() => import('./emoji.js'));

export const EmojiButton = ({ onPick }: { onPick: (emoji: string) => void }): ReactNode => {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-start" returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" aria-label={t('emoji')} title={t('emoji')} onClick={() => setOpen(!isOpen)}>
          <Icon name="smile" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <Suspense>
          {isOpen && (
            <Emoji
              label={t('emoji')}
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          )}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
};
