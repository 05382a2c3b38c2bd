import { notifications } from '@mantine/notifications';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError } from '@parley/client';
import { nameOf } from './desk.js';

/** Why something was refused, in the reader's words where there are any. */
export const reasonOf = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ParleyError)) throw error;
  const { code, message, errors, details } = error;
  const assignee = details?.assignee as { name: string | null } | undefined;
  if (code === 'room.already_assigned' && assignee) return t('refused.taken', { name: nameOf(assignee, t('somebody')) });
  return t(`refused.${code}`, [message, ...errors.map(({ path, message: fault }) => `${path}: ${fault}`)].join(' '));
};

/** Does something; what is refused is told in a notification. Its promise tells whether it was done. */
export type Ask = (work: () => Promise<unknown>) => Promise<boolean>;

/** `isTaken` takes what is not to be told so. */
export const useAsk = (isTaken?: (error: unknown) => boolean): Ask => {
  const { t } = useTranslation();
  return useCallback(
    async (work) => {
      try {
        await work();
        return true;
      } catch (error) {
        if (isTaken?.(error) !== true) notifications.show({ color: 'red', message: reasonOf(error, t) });
        return false;
      }
    },
    [t, isTaken],
  );
};
