import { Avatar, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Viewer } from '../../../src/contract/room.js';
import { nameOf } from '../desk.js';

/** The colleagues who have a room open, and which of them are writing. */
export const ViewerFaces = ({ viewers, size }: { viewers: readonly Viewer[]; size: number }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Avatar.Group spacing={4}>
      {viewers.map(({ user, composing }) => {
        const name = nameOf(user, t('somebody'));
        const label = t(composing === null ? 'isLooking' : 'isComposing', { name });
        return (
          <Tooltip key={user.id} label={label}>
            <Avatar size={size} name={name} src={user.avatarUrl} role="img" aria-label={label} data-composing={composing !== null} />
          </Tooltip>
        );
      })}
    </Avatar.Group>
  );
};
