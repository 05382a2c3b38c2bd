import { Group, NativeSelect, NumberInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const UNITS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
type Unit = keyof typeof UNITS;
const NAMES = Object.keys(UNITS) as Unit[];

/** The largest unit in which it is a whole number. */
const unitOf = (seconds: number, smallest: Unit): Unit =>
  NAMES.findLast((unit) => seconds !== 0 && seconds % UNITS[unit] === 0 && UNITS[unit] >= UNITS[smallest]) ?? smallest;

interface DurationFieldProps {
  label: string;
  description?: string;
  /** Null while nothing stands in it. */
  seconds: number | null;
  onChange: (seconds: number | null) => void;
  min?: number;
  /** In seconds. */
  max: number;
  /** The smallest unit that can be said. */
  smallest?: Unit;
  error?: string | undefined;
}

/** How long something takes, in the unit that people would say. */
export const DurationField = (props: DurationFieldProps): ReactNode => {
  const { label, description, seconds, onChange, min = 0, max, smallest = 'second', error } = props;
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Unit>(() => unitOf(seconds ?? UNITS.minute, smallest));
  const unit = (seconds ?? 0) % UNITS[chosen] === 0 ? chosen : unitOf(seconds ?? 0, smallest);
  const units = NAMES.filter((one) => UNITS[one] >= UNITS[smallest] && UNITS[one] <= max);
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap" className="duration">
      <NumberInput
        label={label}
        description={description}
        allowDecimal={false}
        allowNegative={false}
        min={min}
        max={Math.floor(max / UNITS[unit])}
        value={seconds === null ? '' : seconds / UNITS[unit]}
        error={error}
        flex={1}
        onChange={(value) => onChange(value === '' ? null : Number(value) * UNITS[unit])}
      />
      <NativeSelect
        aria-label={t('duration.unitOf', { label })}
        value={unit}
        data={units.map((one) => ({ value: one, label: t(`duration.${one}`) }))}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value as Unit;
          setChosen(next);
          if (seconds !== null) onChange(Math.min((seconds / UNITS[unit]) * UNITS[next], Math.floor(max / UNITS[next]) * UNITS[next]));
        }}
      />
    </Group>
  );
};
