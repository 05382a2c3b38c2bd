import { Badge, Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface StepProps {
  title: string;
  hint: string;
  isDone: boolean;
  /** What leads there. */
  children: ReactNode;
}

/** Something to do once, and whether it was done. */
export const Step = ({ title, hint, isDone, children }: StepProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Paper component="li" withBorder p="md" mb="md" aria-label={title}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Badge variant={isDone ? 'light' : 'default'} color="green">
          {t(isDone ? 'start.isDone' : 'start.isOpen')}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {hint}
      </Text>
      <Group gap="sm">{children}</Group>
    </Paper>
  );
};
