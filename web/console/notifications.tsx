import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Where what was done, or refused, is told for a while. Each can be closed by a button that says so. */
export const NotificationArea = (): ReactNode => {
  const { t, i18n } = useTranslation();
  const theme = useMemo(
    () => ({ components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('close') } } } } }),
    [t, i18n.language],
  );
  return (
    <MantineThemeProvider theme={theme} inherit>
      <Notifications />
    </MantineThemeProvider>
  );
};
