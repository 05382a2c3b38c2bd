import { useTranslation } from 'react-i18next';
import type { Message } from '@parley/client';

/** What happened, as a line between the messages. */
export const useLine = (): ((entry: Message) => string) => {
  const { t } = useTranslation();
  return ({ activity }) => {
    if (!activity) return '';
    const actor = activity.actor?.name ?? t('theServer');
    if ('assignee' in activity) {
      const name = activity.assignee?.name ?? t('nobody');
      const key = activity.type === 'assigned' && activity.actor?.id === activity.assignee?.id ? 'claimed' : activity.type;
      return t(`line.${key}`, { actor, name });
    }
    if ('to' in activity) return t(`line.${activity.type}`, { actor, from: activity.from ?? '–', to: activity.to ?? '–' });
    return t(`line.${activity.type}`, { actor });
  };
};
