import { Alert, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** In place of what could not be loaded. */
export const Failed = ({ onRetry }: { onRetry: () => void }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Alert role="alert" color="red">
      <Text size="sm">{t('listFailed')}</Text>
      <Button size="xs" mt="xs" variant="light" onClick={onRetry}>
        {t('tryAgain')}
      </Button>
    </Alert>
  );
};
