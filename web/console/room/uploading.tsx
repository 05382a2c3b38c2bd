import { ActionIcon, Group, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileOnItsWay } from '../../chat/chat-state.js';
import { Icon } from '../icon.js';

/** Files that wait to be sent, or were refused. */
export const Uploading = ({ files }: { files: readonly FileOnItsWay[] }): ReactNode => {
  const { t } = useTranslation();
  return files.map(({ key, name, share, fault, cancel }) => (
    <Group key={key} gap="xs" wrap="nowrap">
      <Text size="xs" c={fault === null ? undefined : 'red'} flex={1} truncate role={fault === null ? undefined : 'alert'}>
        {name} {fault !== null && t(fault)}
      </Text>
      {fault === null && <Progress w={80} value={share * 100} aria-label={name} />}
      <ActionIcon variant="subtle" size="sm" aria-label={t('cancelFile', { name })} onClick={cancel}>
        <Icon name="close" />
      </ActionIcon>
    </Group>
  ));
};
