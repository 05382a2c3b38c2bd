import { Alert, Select, Text } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BusinessHours } from '../../../src/contract/business.js';
import { availabilityOf } from '../../chat/availability.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { useChatWords } from './chat-words.js';
import { ChoiceField } from './choice-field.js';
import { useDraft } from '../draft.js';
import { HolidaysField } from './holidays-field.js';
import { Section } from './section.js';
import { SettingsForm } from './settings-form.js';
import { disorderOf, usualWeek } from './week.js';
import { WeekField } from './week-field.js';

const MODES = ['always', 'weekly'] as const;
type Mode = (typeof MODES)[number];

interface Value extends BusinessHours {
  mode: Mode;
}

/** What stands in the fields; while it is always open, what would be a good beginning. */
const valueOf = (hours: BusinessHours | null): Value =>
  hours
    ? { mode: 'weekly', ...hours }
    : { mode: 'always', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, weekly: usualWeek(), holidays: [] };

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const words = useChatWords(business.locale);
  const draft = useDraft(valueOf(business.settings.hours), ({ mode, ...hours }) =>
    patch({ settings: { hours: mode === 'always' ? null : hours } }),
  );
  const { value, set, faults } = draft;
  const zones = useMemo(() => [...new Set(['UTC', value.timeZone, ...Intl.supportedValuesOf('timeZone')])].sort(), [value.timeZone]);
  return (
    <SettingsForm title={t('settings.hours')} intro={t('hours.intro')} draft={draft}>
      <Alert color="gray" title={t('hours.now')}>
        <Text size="sm" lang={words.language} dir="auto">
          {availabilityOf(business, words)}
        </Text>
      </Alert>
      <ChoiceField
        label={t('hours.mode')}
        value={value.mode}
        options={MODES.map((mode) => ({ value: mode, label: t(`hours.mode.${mode}`), hint: t(`hours.modeHint.${mode}`) }))}
        onChange={(mode) => set({ mode })}
      />
      {value.mode === 'weekly' && (
        <>
          <Select
            label={t('hours.timeZone')}
            description={t('hours.timeZoneHint')}
            searchable
            allowDeselect={false}
            data={zones}
            limit={100}
            value={value.timeZone}
            error={faults['settings.hours.timeZone']}
            nothingFoundMessage={t('listNothingFound')}
            onChange={(timeZone) => {
              if (timeZone !== null) set({ timeZone });
            }}
          />
          <Section title={t('hours.week')} intro={t('hours.weekHint')}>
            {value.weekly.length === 0 && <Alert color="yellow">{t('hours.never')}</Alert>}
            {faults['settings.hours.weekly'] !== undefined && value.weekly.some((_, at) => disorderOf(value.weekly, at)) && (
              <Alert color="red" role="alert">
                {t('hours.disorder')}
              </Alert>
            )}
            <WeekField weekly={value.weekly} faults={faults} refused={draft.refused?.weekly ?? []} onChange={(weekly) => set({ weekly })} />
          </Section>
          <Section title={t('hours.holidays')} intro={t('hours.holidaysHint')}>
            <HolidaysField holidays={value.holidays} error={faults['settings.hours.holidays']} onChange={(holidays) => set({ holidays })} />
          </Section>
        </>
      )}
    </SettingsForm>
  );
};

/** When the business is open, and what customers see of it. */
export const HoursForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.hours')} form={Form} />;
