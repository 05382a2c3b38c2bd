import { Table, Text, Title, UnstyledButton } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentFigures } from '../../../src/contract/report.js';
import { nameOf } from '../desk.js';
import { Plot } from './plot.js';
import { useWords, type Words } from './words.js';

/** So many names can be told apart in a plot; the table has all. */
const MOST_BARS = 15;

interface Column {
  label: string;
  /** What it is sorted by; null comes last, whichever way. */
  value: (figures: AgentFigures) => string | number | null;
  write: (figures: AgentFigures, words: Words) => string;
}

const compare = (one: string | number, other: string | number): number =>
  typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other);

const sorted = (all: readonly AgentFigures[], { value }: Column, isDown: boolean): AgentFigures[] =>
  all.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return isDown ? compare(b, a) : compare(a, b);
  });

/** What each agent did, by whatever one likes to sort by. */
export const Agents = ({ perAgent }: { perAgent: AgentFigures[] }): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  const id = useId();
  const [{ at, isDown }, setOrder] = useState({ at: 1, isDown: true });
  const name = ({ agent }: AgentFigures): string => nameOf(agent, t('somebody'));
  const columns: Column[] = [
    { label: t('reports.agent'), value: name, write: name },
    { label: t('reports.assigned'), value: ({ assigned }) => assigned, write: ({ assigned }) => words.count(assigned) },
    { label: t('reports.closed'), value: ({ closed }) => closed, write: ({ closed }) => words.count(closed) },
    { label: t('reports.messages'), value: ({ messages }) => messages, write: ({ messages }) => words.count(messages) },
    {
      label: t('reports.firstResponseMs'),
      value: ({ firstResponseMs }) => firstResponseMs.median,
      write: ({ firstResponseMs }) => words.duration(firstResponseMs.median),
    },
    {
      label: t('reports.p90Head'),
      value: ({ firstResponseMs }) => firstResponseMs.p90,
      write: ({ firstResponseMs }) => words.duration(firstResponseMs.p90),
    },
    {
      label: t('reports.rating'),
      value: ({ rating }) => rating.mean,
      write: ({ rating }) => (rating.mean === null ? words.mean(null) : `${words.mean(rating.mean)} (${words.count(rating.count)})`),
    },
  ];
  const rows = sorted(perAgent, columns[at] as Column, isDown);
  const bars = rows.slice(0, MOST_BARS);
  return (
    <>
      <section className="report-part" aria-labelledby={id}>
        <Title order={2} size="h5" id={id} mb="xs">
          {t('reports.agents')}
        </Title>
        <Table.ScrollContainer minWidth={720} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table aria-labelledby={id} verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ label }, index) => (
                  <Table.Th key={label} aria-sort={index !== at ? 'none' : isDown ? 'descending' : 'ascending'}>
                    <UnstyledButton fz="sm" fw={600} onClick={() => setOrder({ at: index, isDown: index === at ? !isDown : index > 0 })}>
                      {label} <span aria-hidden="true">{index !== at ? '' : isDown ? '▼' : '▲'}</span>
                    </UnstyledButton>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((figures) => (
                <Table.Tr key={figures.agent.id}>
                  {columns.map(({ label, write }, index) => (
                    <Table.Td key={label} dir={index === 0 ? 'auto' : undefined}>
                      {write(figures, words)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Text size="xs" c="dimmed">
          {t('reports.agentsHint')}
        </Text>
      </section>
      <Plot
        isLying
        title={t('reports.byAgent')}
        axis={t('reports.agent')}
        bars={bars.map((figures) => ({ label: name(figures), assigned: figures.assigned, closed: figures.closed }))}
        series={[
          { name: 'assigned', label: t('reports.assigned'), color: 'brand.5' },
          { name: 'closed', label: t('reports.closed'), color: 'orange.6' },
        ]}
      />
      <Plot
        isLying
        title={t('reports.ratingsByAgent')}
        axis={t('reports.agent')}
        bars={bars
          .filter(({ rating }) => rating.mean !== null)
          .map((figures) => ({ label: name(figures), mean: figures.rating.mean ?? 0 }))}
        series={[{ name: 'mean', label: t('reports.rating'), color: 'teal.6' }]}
        format={words.mean}
        most={5}
      />
    </>
  );
};
