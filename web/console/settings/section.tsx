import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  intro?: string | undefined;
  children: ReactNode;
}

/** Fields of a page that belong together, under a heading. */
export const Section = ({ title, intro, children }: SectionProps): ReactNode => (
  <section className="console-section" aria-label={title}>
    <Title order={2} size="h5">
      {title}
    </Title>
    {intro !== undefined && (
      <Text size="sm" c="dimmed">
        {intro}
      </Text>
    )}
    <Stack mt="sm">{children}</Stack>
  </section>
);
