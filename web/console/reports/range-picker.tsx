import { Button, Group, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_REPORT_DAYS } from '../../../src/contract/report.js';
import { faultOf, lastDays, PRESETS, type Range } from './range.js';

const OWN = 'own';

interface RangePickerProps {
  range: Range;
  today: string;
  /** With the number of days, where it is one of those that are offered. */
  onChange: (range: Range, days?: number) => void;
}

/** Which days the report is on. */
export const RangePicker = ({ range, today, onChange }: RangePickerProps): ReactNode => {
  const { t } = useTranslation();
  const preset = PRESETS.find((days) => lastDays(days, today).from === range.from && range.to === today);
  const [isOwn, setOwn] = useState(preset === undefined);
  const [{ from, to }, setDates] = useState(range);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    setDates(range);
    setAsked(false);
    if (preset === undefined) setOwn(true);
  }, [range.from, range.to, preset]);
  const fault = faultOf(from, to);
  const show = (): void => {
    setAsked(true);
    if (fault === undefined) onChange({ from, to });
  };
  return (
    <Group align="flex-end" mb="md">
      <div className="report-range">
        {' '}
        <SegmentedControl
          aria-label={t('reports.range')}
          size="sm"
          value={isOwn || preset === undefined ? OWN : String(preset)}
          data={[
            ...PRESETS.map((days) => ({
              value: String(days),
              label: days === 1 ? t('reports.today') : t('reports.days', { count: days }),
            })),
            { value: OWN, label: t('reports.own') },
          ]}
          onChange={(value) => {
            setOwn(value === OWN);
            if (value !== OWN) onChange(lastDays(Number(value), today), Number(value));
          }}
        />
      </div>
      {isOwn && (
        <form
          noValidate
          aria-label={t('reports.own')}
          onSubmit={(event) => {
            event.preventDefault();
            show();
          }}
        >
          <Group align="flex-start" gap="xs">
            <TextInput
              type="date"
              size="sm"
              aria-label={t('reports.from')}
              max={to}
              value={from}
              error={isAsked && fault && t(`reports.${fault}`, { count: MAX_REPORT_DAYS })}
              onChange={({ currentTarget }) => setDates({ from: currentTarget.value, to })}
            />
            <TextInput
              type="date"
              size="sm"
              aria-label={t('reports.to')}
              min={from}
              value={to}
              onChange={({ currentTarget }) => setDates({ from, to: currentTarget.value })}
            />
            <Button type="submit" size="sm" variant="light">
              {t('reports.show')}
            </Button>
          </Group>
        </form>
      )}
    </Group>
  );
};
