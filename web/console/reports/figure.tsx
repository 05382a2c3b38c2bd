import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface FigureProps {
  label: string;
  value: string;
  hint?: string;
  /** What stands beside the value. */
  children?: ReactNode;
}

/** One number, large; for a `dl`. */
export const Figure = ({ label, value, hint, children }: FigureProps): ReactNode => (
  <Paper withBorder p="md" component="div">
    <Text component="dt" size="sm" c="dimmed">
      {label}
    </Text>
    <dd>
      <Text component="span" size="xl" fw={700}>
        {value}
      </Text>{' '}
      {children}
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </dd>
  </Paper>
);
