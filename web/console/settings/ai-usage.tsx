import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { AiUsageReport } from '../../../src/contract/assist.js';
import { useDesk } from '../desk.js';
import { LoadFault } from '../load-fault.js';
import { Section } from './section.js';
import { Loading } from '../loading.js';

const FIGURES = ['replies', 'handOvers', 'lateReplies', 'helps', 'tokens'] as const satisfies (keyof AiUsageReport['total'])[];

/** What the machine did in the time that the API reports on if none is named. */
export const AiUsage = (): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const { data, isPending, isError, refetch } = useQuery({
    queryKey: ['reports', 'ai'],
    queryFn: (): Promise<AiUsageReport> => bodyOf(parley.rest.GET('/api/reports/ai')),
  });
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Section title={t('ai.usage')} intro={t('ai.usageHint')}>
      {isPending && <Loading />}
      {isError && !data && <LoadFault onRetry={() => void refetch()} />}
      {data?.perDay.length === 0 && <Text c="dimmed">{t('ai.usageNone')}</Text>}
      {data && data.perDay.length > 0 && (
        <dl className="figures">
          {FIGURES.map((figure) => (
            <div key={figure}>
              <dt>{t(`ai.figure.${figure}`)}</dt>
              <dd>{number.format(data.total[figure])}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
};
