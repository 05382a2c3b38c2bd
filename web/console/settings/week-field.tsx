import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenSpan } from '../../../src/contract/business.js';
import { Icon } from '../icon.js';
import type { Faults } from '../draft.js';
import { copiedToWorkdays, DAYS, disorderOf, spansOf, withSpan } from './week.js';

/** The path of the spans in the API. */
const PATH = 'settings.hours.weekly';
/** A Monday, from which the names of days are counted. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The end of a day is the midnight of clocks, and another one for the API. */
const shown = (to: string): string => (to === '24:00' ? '00:00' : to);
const meant = (to: string): string => (to === '00:00' ? '24:00' : to);

interface WeekFieldProps {
  weekly: readonly OpenSpan[];
  onChange: (weekly: OpenSpan[]) => void;
  faults: Faults;
  /** The spans that the faults are about, which the API names by their places. One that was changed since is judged anew. */
  refused: readonly OpenSpan[];
}

/** When it is open on each day of a week. */
export const WeekField = ({ weekly, onChange, faults, refused }: WeekFieldProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const nameOfDay = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' });
  const change = (at: number, change: Partial<OpenSpan>): void =>
    onChange(weekly.map((span, place) => (place === at ? { ...span, ...change } : span)));
  const faultOf = (span: OpenSpan, at: number, end: 'from' | 'to'): string | undefined => {
    const found = faults[`${PATH}.${refused.indexOf(span)}.${end}`];
    const disorder = faults[PATH] === undefined || end === 'to' ? undefined : disorderOf(weekly, at);
    return found ?? (disorder && t(`hours.${disorder}`));
  };
  return (
    <Stack gap="xs">
      {DAYS.map((day) => {
        const name = nameOfDay.format(MONDAY + (day - 1) * DAY_MS);
        const spans = spansOf(weekly, day);
        return (
          <fieldset key={day} className="hours-day">
            <legend>{name}</legend>
            <Stack gap="xs" className="hours-spans">
              {spans.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('hours.closed')}
                </Text>
              )}
              {spans.map(({ span, at }, index) => (
                <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
                  <TextInput
                    type="time"
                    aria-label={t('hours.from', { day: name, number: index + 1 })}
                    value={span.from}
                    error={faultOf(span, at, 'from')}
                    onChange={({ currentTarget }) => change(at, { from: currentTarget.value })}
                  />
                  <Text size="sm" mt={7} aria-hidden>
                    –
                  </Text>
                  <TextInput
                    type="time"
                    aria-label={t('hours.to', { day: name, number: index + 1 })}
                    value={shown(span.to)}
                    error={faultOf(span, at, 'to')}
                    onChange={({ currentTarget }) => change(at, { to: meant(currentTarget.value) })}
                  />
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    mt={4}
                    aria-label={t('hours.remove', { day: name, number: index + 1 })}
                    onClick={() => onChange(weekly.filter((_, place) => place !== at))}
                  >
                    <Icon name="close" />
                  </ActionIcon>
                </Group>
              ))}
            </Stack>
            <Group gap={4} className="hours-actions">
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`${t('hours.add')}: ${name}`}
                onClick={() => onChange(withSpan(weekly, day))}
              >
                {t('hours.add')}
              </Button>
              {spans.length > 0 && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`${t('hours.copy')}: ${name}`}
                  onClick={() => onChange(copiedToWorkdays(weekly, day))}
                >
                  {t('hours.copy')}
                </Button>
              )}
            </Group>
          </fieldset>
        );
      })}
    </Stack>
  );
};
