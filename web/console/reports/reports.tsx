import '@mantine/charts/styles.css';
import './reports.css';
import { Button, Menu } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { REPORT_ROWS, type ReportOverview } from '../../../src/contract/report.js';
import { useAsk } from '../ask.js';
import { LoadFault } from '../load-fault.js';
import { Page } from '../page.js';
import { useBusiness } from '../business.js';
import { Agents } from './agents.js';
import { Ai } from './ai.js';
import { Figures } from './figures.js';
import { Plot } from './plot.js';
import { RangePicker } from './range-picker.js';
import { askedBefore, askedFor, readRange, todayIn, type Asked, type Range } from './range.js';
import { useDownload, useReport } from './use-report.js';
import { useWords } from './words.js';
import { Loading } from '../loading.js';

const Download = ({ asked }: { asked: Asked }): ReactNode => {
  const { t } = useTranslation();
  const ask = useAsk();
  const download = useDownload();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">{t('reports.download')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {REPORT_ROWS.map((rows) => (
          <Menu.Item key={rows} onClick={() => void ask(() => download(asked, rows))}>
            {t(`reports.csv.${rows}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

/** How much there was of everything, by day and by hour of the day. */
const Volume = ({ perDay, perHour }: Pick<ReportOverview, 'perDay' | 'perHour'>): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  const rooms = [
    { name: 'opened', label: t('reports.opened'), color: 'brand.5' },
    { name: 'closed', label: t('reports.closed'), color: 'orange.6' },
  ];
  const messages = [{ name: 'messages', label: t('reports.messages'), color: 'teal.6' }];
  const days = perDay.map(({ date, ...figures }) => ({ label: words.date(date), ...figures }));
  const hours = perHour.map(({ hour, ...figures }) => ({ label: words.hour(hour), ...figures }));
  return (
    <div className="report-plots">
      <Plot title={t('reports.roomsByDay')} axis={t('reports.day')} bars={days} series={rooms} />
      <Plot title={t('reports.messagesByDay')} axis={t('reports.day')} bars={days} series={messages} />
      <Plot title={t('reports.roomsByHour')} axis={t('reports.hour')} bars={hours} series={rooms} />
      <Plot title={t('reports.messagesByHour')} axis={t('reports.hour')} bars={hours} series={messages} />
    </div>
  );
};

/** What is known of these days; the figures of the time before come when they come. */
const Report = ({ range, today }: { range: Range; today: string }): ReactNode => {
  const [now] = useState(Date.now);
  const asked = askedFor(range);
  const { data, error, refetch, isPlaceholderData } = useReport(asked);
  const before = useReport(askedBefore(range, today, now));
  if (error) return <LoadFault onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <div className="report" aria-busy={isPlaceholderData}>
      <Figures report={data} before={before.isPlaceholderData ? undefined : before.data} />
      <Volume perDay={data.perDay} perHour={data.perHour} />
      <Agents perAgent={data.perAgent} />
      <Ai asked={asked} />
    </div>
  );
};

/** How the business did. */
const Reports = (): ReactNode => {
  const { t } = useTranslation();
  const { business, isLost, retry } = useBusiness();
  const [address, setAddress] = useSearchParams();
  const zone = business?.settings.hours?.timeZone ?? 'UTC';
  const today = todayIn(zone, Date.now());
  const range = readRange(address, today);
  if (!business) {
    return <Page title={t('reports')}>{isLost ? <LoadFault onRetry={retry} /> : <Loading />}</Page>;
  }
  return (
    <Page title={t('reports')} intro={t('reports.intro', { zone })} actions={<Download asked={askedFor(range)} />}>
      <RangePicker
        range={range}
        today={today}
        onChange={({ from, to }, days) => setAddress(days === undefined ? { from, to } : { days: String(days) })}
      />
      <Report range={range} today={today} />
    </Page>
  );
};

export default Reports;
