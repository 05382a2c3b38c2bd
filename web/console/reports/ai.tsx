import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AiUsageReport } from '../../../src/contract/assist.js';
import { LoadFault } from '../load-fault.js';
import { Figure } from './figure.js';
import { Plot } from './plot.js';
import type { Asked } from './range.js';
import { useAiReport } from './use-report.js';
import { useWords } from './words.js';
import { Loading } from '../loading.js';

const FIGURES = ['replies', 'handOvers', 'lateReplies', 'helps', 'tokens'] as const satisfies (keyof AiUsageReport['total'])[];

/** What the machine answered, handed over and used. */
export const Ai = ({ asked }: { asked: Asked }): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  const { data, error, refetch } = useAiReport(asked);
  if (error) return <LoadFault onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <Title order={2} size="h5" mt="xl" mb="xs">
        {t('reports.ai')}
      </Title>
      {data.perDay.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t('reports.aiNothing')}
        </Text>
      ) : (
        <>
          <dl className="report-figures">
            {FIGURES.map((name) => (
              <Figure key={name} label={t(`reports.ai.${name}`)} value={words.count(data.total[name])} />
            ))}
          </dl>
          <Plot
            title={t('reports.aiByDay')}
            axis={t('reports.day')}
            bars={data.perDay.map(({ date, ...figures }) => ({ label: words.date(date), ...figures }))}
            series={[
              { name: 'replies', label: t('reports.ai.replies'), color: 'brand.5' },
              { name: 'handOvers', label: t('reports.ai.handOvers'), color: 'orange.6' },
            ]}
          />
          <Text size="xs" c="dimmed">
            {t('reports.aiHint')}
          </Text>
        </>
      )}
    </>
  );
};
