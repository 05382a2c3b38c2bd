import { notifications } from '@mantine/notifications';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError } from '@parley/client';

/** Why something was refused, in the reader's words where there are any. */
export const reasonOf = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ParleyError)) throw error;
  const { code, message, errors } = error;
  return t(`refused.${code}`, [message, ...errors.map(({ path, message: fault }) => `${path}: ${fault}`)].join(' '));
};

/** Does something; what is refused is told in a notification. Its promise tells whether it was done. */
export type Ask = (work: () => Promise<unknown>) => Promise<boolean>;

export const useAsk = (): Ask => {
  const { t } = useTranslation();
  return useCallback(
    async (work) => {
      try {
        await work();
        return true;
      } catch (error) {
        notifications.show({ color: 'red', message: reasonOf(error, t) });
        return false;
      }
    },
    [t],
  );
};
