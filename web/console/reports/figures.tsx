import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Durations, ReportOverview } from '../../../src/contract/report.js';
import { Figure } from './figure.js';
import { useWords } from './words.js';

const PERCENT = 100;

/** How much more or less it is than before; nothing where there was nothing before. */
const Change = ({ now, before }: { now: number | null; before: number | null | undefined }): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  if (now === null || before === null || before === undefined || before === 0) return null;
  const share = (now - before) / before;
  const way = Math.sign(Math.round(share * PERCENT));
  const key = way > 0 ? 'reports.more' : way < 0 ? 'reports.less' : 'reports.same';
  return (
    <Text size="sm" c="dimmed" component="span" className="report-change">
      <span aria-hidden="true">{way > 0 ? '▲ ' : way < 0 ? '▼ ' : '='}</span>
      {way !== 0 && <span aria-hidden="true">{words.change(share)}</span>}
      <span className="unseen">{t(key, { share: words.change(share) })}</span>
    </Text>
  );
};

/** The figures of the whole time, each beside how it was in the time before. */
export const Figures = ({ report, before }: { report: ReportOverview; before: ReportOverview | undefined }): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  const took = (field: 'firstResponseMs' | 'waitMs' | 'resolutionMs'): ReactNode => {
    const { median, p90 }: Durations = report[field];
    return (
      <Figure
        label={t(`reports.${field}`)}
        value={words.duration(median)}
        hint={median === null ? t('reports.none') : t('reports.p90', { duration: words.duration(p90) })}
      >
        <Change now={median} before={before?.[field].median} />
      </Figure>
    );
  };
  const { rooms, messages, rating } = report;
  return (
    <>
      <dl className="report-figures">
        <Figure label={t('reports.opened')} value={words.count(rooms.opened)}>
          <Change now={rooms.opened} before={before?.rooms.opened} />
        </Figure>
        <Figure label={t('reports.closed')} value={words.count(rooms.closed)}>
          <Change now={rooms.closed} before={before?.rooms.closed} />
        </Figure>
        <Figure label={t('reports.open')} value={words.count(rooms.open)} hint={t('reports.openHint')} />
        <Figure label={t('reports.messages')} value={words.count(messages)}>
          <Change now={messages} before={before?.messages} />
        </Figure>
        {took('firstResponseMs')}
        {took('waitMs')}
        {took('resolutionMs')}
        <Figure
          label={t('reports.rating')}
          value={rating.mean === null ? words.mean(null) : t('reports.ofFive', { mean: words.mean(rating.mean) })}
          hint={t('reports.ratings', { count: rating.count })}
        >
          <Change now={rating.mean} before={before?.rating.mean} />
        </Figure>
      </dl>
      <Text size="xs" c="dimmed" mt="xs">
        {t('reports.compared')}
      </Text>
    </>
  );
};
