import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Something is on its way. */
export const Loading = ({ size }: { size?: 'sm' }): ReactNode => {
  const { t } = useTranslation();
  return <Loader size={size} role="status" aria-label={t('loading')} />;
};
