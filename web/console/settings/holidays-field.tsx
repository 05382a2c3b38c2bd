import { Button, Group, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_HOLIDAYS } from '../../../src/contract/business.js';
import { RemovableList } from './removable-list.js';

interface HolidaysFieldProps {
  holidays: readonly string[];
  onChange: (holidays: string[]) => void;
  error: string | undefined;
}

/** Days on which it is closed. */
export const HolidaysField = ({ holidays, onChange, error }: HolidaysFieldProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const [date, setDate] = useState('');
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeZone: 'UTC' });
  const add = (): void => {
    if (date === '') return;
    onChange([...new Set([...holidays, date])].sort());
    setDate('');
  };
  return (
    <>
      <Group align="flex-end" gap="xs">
        <TextInput
          type="date"
          label={t('hours.holiday')}
          value={date}
          error={error}
          onChange={({ currentTarget }) => setDate(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" disabled={date === '' || holidays.length >= MAX_HOLIDAYS} onClick={add}>
          {t('hours.addHoliday')}
        </Button>
      </Group>
      <RemovableList
        label={t('hours.holidays')}
        items={holidays}
        wordsOf={(day) => format.format(new Date(day))}
        empty={t('hours.noHolidays')}
        onRemove={(day) => onChange(holidays.filter((one) => one !== day))}
      />
    </>
  );
};
