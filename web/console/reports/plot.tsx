import { Table, Text, Title } from '@mantine/core';
import { BarChart } from '@mantine/charts';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from './words.js';

const HEIGHT = 220;
const ROW = 44;
const LABELS = 120;
const LONGEST = 16;

const shortened = (name: string): string => {
  const letters = [...name];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : name;
};

/** One colour of bars. */
interface Series {
  name: string;
  label: string;
  color: string;
}

/** One place on the axis, with a value for each of the series. */
type Bar = { label: string } & Record<string, string | number>;

interface PlotProps {
  title: string;
  /** What stands on the axis. */
  axis: string;
  bars: readonly Bar[];
  series: Series[];
  /** Bars lie below each other, which leaves place for names. */
  isLying?: boolean;
  format?: (value: number) => string;
  /** Where the axis of values ends, if not at the highest of them. */
  most?: number;
}

/** Bars, and the same as a table to be unfolded. */
export const Plot = ({ title, axis, bars, series, isLying = false, format, most }: PlotProps): ReactNode => {
  const { t } = useTranslation();
  const words = useWords();
  const id = useId();
  const write = format ?? words.count;
  const isEmpty = bars.every((bar) => series.every(({ name }) => bar[name] === 0));
  const height = isLying ? bars.length * ROW + ROW : HEIGHT;
  return (
    <section className="report-part" aria-labelledby={id}>
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      {isEmpty ? (
        <Text c="dimmed" size="sm" py="md">
          {t('reports.nothing')}
        </Text>
      ) : (
        <div role="img" aria-label={t('reports.plotOf', { title })}>
          <BarChart
            h={height}
            data={[...bars]}
            dataKey="label"
            series={series}
            orientation={isLying ? 'vertical' : 'horizontal'}
            gridAxis={isLying ? 'y' : 'x'}
            withLegend={series.length > 1}
            legendProps={{ verticalAlign: 'bottom' }}
            accessibilityLayer={false}
            valueFormatter={write}
            maxBarWidth={28}
            yAxisProps={isLying ? { width: LABELS, tickFormatter: shortened, interval: 0 } : { width: 44, allowDecimals: false }}
            xAxisProps={isLying ? { allowDecimals: false, ...(most !== undefined && { domain: [0, most] }) } : { minTickGap: 16 }}
          />
        </div>
      )}
      <details className="report-table">
        <summary>{t('reports.asTable', { title })}</summary>
        <Table.ScrollContainer minWidth={280} mah={360} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table aria-label={title} verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{axis}</Table.Th>
                {series.map(({ name, label }) => (
                  <Table.Th key={name}>{label}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {bars.map((bar, index) => (
                <Table.Tr key={index}>
                  <Table.Td dir="auto">{bar.label}</Table.Td>
                  {series.map(({ name }) => (
                    <Table.Td key={name}>{write(Number(bar[name]))}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </section>
  );
};
