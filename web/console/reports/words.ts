import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const SECOND_MS = 1_000;
/** From the largest on, in seconds. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How figures are written; what there is none of is a dash. */
export interface Words {
  count: (value: number) => string;
  mean: (value: number | null) => string;
  /** In the largest unit that is not zero and the next one: 1h 12m. */
  duration: (ms: number | null) => string;
  date: (date: string) => string;
  hour: (hour: number) => string;
  /** Without its sign. */
  change: (share: number) => string;
}

const NONE = '–';

const wordsOf = (language: string): Words => {
  const count = new Intl.NumberFormat(language);
  const mean = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const inUnit = (value: number, unit: string): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
  const duration = (ms: number | null): string => {
    if (ms === null) return NONE;
    let left = Math.round(ms / SECOND_MS);
    const first = Math.max(
      0,
      UNITS.findIndex(([, seconds]) => left >= seconds),
    );
    if (left === 0) return inUnit(0, 'second');
    return UNITS.slice(first, first + 2)
      .map(([unit, seconds], index) => {
        const value = Math.floor(left / seconds);
        left -= value * seconds;
        return index > 0 && value === 0 ? '' : inUnit(value, unit);
      })
      .filter((part) => part !== '')
      .join(' ');
  };
  return {
    duration,
    count: (value) => count.format(value),
    mean: (value) => (value === null ? NONE : mean.format(value)),
    date: (date) => day.format(Date.parse(date)),
    hour: (hour) => `${hour}:00`,
    change: (share) => percent.format(Math.abs(share)),
  };
};

export const useWords = (): Words => {
  const { i18n } = useTranslation();
  return useMemo(() => wordsOf(i18n.language), [i18n.language]);
};
