import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageProps {
  title: string;
  /** What it is for, to whoever sees it first. */
  intro?: string;
  /** What can be done with all of it. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page beside the lists, with its heading. */
export const Page = ({ title, intro, actions, children }: PageProps): ReactNode => (
  <section className="console-page" aria-label={title}>
    <Group justify="space-between" align="flex-start" mb="md">
      <div className="console-page-head">
        <Title order={1} size="h3">
          {title}
        </Title>
        {intro !== undefined && (
          <Text size="sm" c="dimmed">
            {intro}
          </Text>
        )}
      </div>
      {actions}
    </Group>
    {children}
  </section>
);
