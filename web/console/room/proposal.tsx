import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal as ProposalValue } from './help.js';

interface ProposalProps {
  proposal: ProposalValue;
  /** Puts it where one writes; a summary goes among the notes. */
  onUse: (text: string) => void;
  onDismiss: () => void;
}

/** What the AI proposes, until it is taken or not. */
export const Proposal = ({ proposal: { kind, text }, onUse, onDismiss }: ProposalProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Alert p="xs" role="status" title={t(`help.${kind}`)} withCloseButton closeButtonLabel={t('close')} onClose={onDismiss}>
      <Text size="sm" className="entry-text" dir="auto">
        {text ?? t('help.nothing')}
      </Text>
      {text !== null && (
        <Group gap="xs" mt={6}>
          <Button size="compact-xs" onClick={() => onUse(text)}>
            {t(kind === 'summary' ? 'help.keep' : 'help.use')}
          </Button>
        </Group>
      )}
    </Alert>
  );
};
