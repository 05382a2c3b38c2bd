import { Alert, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Says that something could not be had, and asks for it again. */
export const LoadFault = ({ onRetry }: { onRetry: () => void }): ReactNode => {
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
