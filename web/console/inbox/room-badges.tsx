import { Badge, type MantineSize } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StaffRoom } from '../../../src/contract/room.js';

const PRIORITY_COLORS = { low: 'gray', normal: 'brand', high: 'orange', urgent: 'red' } as const;

/** What of a room is not as usual: its priority, and its state. */
export const RoomBadges = ({ room: { priority, status }, size }: { room: StaffRoom; size: MantineSize }): ReactNode => {
  const { t } = useTranslation();
  return (
    <>
      {priority !== 'normal' && (
        <Badge size={size} variant="light" color={PRIORITY_COLORS[priority]}>
          {t(`priority.${priority}`)}
        </Badge>
      )}
      {status !== 'open' && (
        <Badge size={size} variant="outline" color="gray">
          {t(`status.${status}`)}
        </Badge>
      )}
    </>
  );
};

/** What was said last, or what it is about. */
export const lastWords = ({ lastMessage, subject }: StaffRoom, t: TFunction): string =>
  lastMessage?.body ?? lastMessage?.attachments[0]?.name ?? subject ?? t('nothingSaid');
