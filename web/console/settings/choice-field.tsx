import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface ChoiceFieldProps<Value extends string> {
  label: string;
  description?: string;
  value: Value;
  options: readonly { value: Value; label: string; hint: string }[];
  onChange: (value: Value) => void;
  error?: string | undefined;
}

/** One of a few, each with a sentence about what it means. */
export const ChoiceField = <Value extends string>(props: ChoiceFieldProps<Value>): ReactNode => {
  const { label, description, value, options, onChange, error } = props;
  return (
    <Radio.Group label={label} description={description} value={value} error={error} onChange={(chosen) => onChange(chosen)}>
      <Stack gap="xs" mt="xs">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} label={option.label} description={option.hint} />
        ))}
      </Stack>
    </Radio.Group>
  );
};
