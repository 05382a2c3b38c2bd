import { Injectable } from '@nestjs/common';
import type { Metric, Registry } from 'prom-client';
import { describe, METRICS, type MetricName } from './catalogue.js';
import { Metrics, Spread, type Figure } from './metrics.js';

interface Value {
  value: number;
  labels: Record<string, string | number>;
  metricName?: string;
}

/** A database that hangs keeps no scrape waiting. */
const PATIENCE_MS = 2_000;

const inTime = async (figure: Promise<Figure>): Promise<Figure> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => (timer = setTimeout(() => done(undefined), PATIENCE_MS)));
  return Promise.race([figure, late]).finally(() => clearTimeout(timer));
};

const bucketsOf = (name: string, { bounds, counts, sum }: Spread): Value[] => {
  let total = 0;
  const buckets = counts.map((count, place): Value => {
    total += count;
    return { metricName: `${name}_bucket`, labels: { le: bounds[place] ?? '+Inf' }, value: total };
  });
  return [...buckets, { metricName: `${name}_sum`, labels: {}, value: sum }, { metricName: `${name}_count`, labels: {}, value: total }];
};

const valuesOf = (name: MetricName, figure: Figure): Value[] => {
  if (figure === undefined) return [];
  if (typeof figure === 'number') return [{ labels: {}, value: figure }];
  if (figure instanceof Spread) return bucketsOf(name, figure);
  const { labels = [] } = describe(name);
  return [...figure].map(([key, value]) => {
    const texts = key.split(' ');
    return { labels: Object.fromEntries(labels.map((label, place) => [label, texts[place] ?? ''])), value };
  });
};

/** The figures of this server in the text format of Prometheus. */
@Injectable()
export class Exposition {
  private loading: Promise<Registry> | undefined;

  constructor(private readonly metrics: Metrics) {}

  async page(): Promise<{ type: string; text: string }> {
    const registry = await (this.loading ??= this.load());
    return { type: registry.contentType, text: await registry.metrics() };
  }

  /** A server that nobody scrapes watches neither its event loop nor its garbage. */
  private async load(): Promise<Registry> {
    const { Registry: PromRegistry, collectDefaultMetrics } = await import('prom-client');
    const registry = new PromRegistry();
    collectDefaultMetrics({ register: registry });
    for (const name of Object.keys(METRICS) as MetricName[]) {
      const { type, help } = describe(name);
      const get = async (): Promise<object> => {
        const values = valuesOf(name, await inTime(this.metrics.read(name)));
        return { name, help, type, aggregator: 'sum', values };
      };
      // What prom-client asks of a metric; the counting is done without it.
      registry.registerMetric({ name, help, type, get } as unknown as Metric);
    }
    return registry;
  }
}
