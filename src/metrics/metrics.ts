import { Injectable } from '@nestjs/common';
import { VERSION } from '../config/version.js';
import { describe, type MetricName } from './catalogue.js';

/** Numbers by the values of their labels, in the order of the catalogue, with a space between them. */
type Samples = ReadonlyMap<string, number>;

/** What a figure is at the moment; undefined when it cannot be told. */
export type Figure = number | Samples | Spread | undefined;

/** How long a figure that costs a query is good. */
const POLL_MS = 5_000;

/** Counts, each for some values of labels. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(labels: string, by = 1): void {
    this.counts.set(labels, (this.counts.get(labels) ?? 0) + by);
  }
}

/** How values are spread: how many were at most each bound, and how many beyond the last. */
export class Spread {
  readonly counts: number[];
  sum = 0;

  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  note(value: number): void {
    let place = 0;
    while (place < this.bounds.length && value > (this.bounds[place] as number)) place++;
    this.counts[place] = (this.counts[place] as number) + 1;
    this.sum += value;
  }
}

/**
 * Where the modules leave their figures. They only count; whatever it takes to show the figures is done when somebody asks
 * for them, and loaded with the first such question.
 */
@Injectable()
export class Metrics {
  private readonly sources = new Map<MetricName, () => Figure | Promise<Figure>>();

  constructor() {
    this.from('parley_build', () => new Map([[VERSION, 1]]));
  }

  /** Says where a figure comes from. It is asked with each scrape. */
  from(name: MetricName, read: () => Figure | Promise<Figure>): void {
    this.sources.set(name, read);
  }

  /** A figure that is counted by labels. */
  tally(name: MetricName): Tally {
    const tally = new Tally();
    this.from(name, () => tally.counts);
    return tally;
  }

  /** A histogram. */
  spread(name: MetricName): Spread {
    const spread = new Spread(describe(name).bounds ?? []);
    this.from(name, () => spread);
    return spread;
  }

  /** A figure that is asked of the database: once in a few seconds, however many scrape. */
  polled(name: MetricName, ask: () => Promise<number>): void {
    let known: Promise<number | undefined> | undefined;
    let until = 0;
    this.from(name, () => {
      if (known && performance.now() < until) return known;
      until = performance.now() + POLL_MS;
      return (known = ask().catch(() => undefined));
    });
  }

  /** What a figure is now. What cannot be told is left out, and harms no other. */
  async read(name: MetricName): Promise<Figure> {
    try {
      return await this.sources.get(name)?.();
    } catch {
      return undefined;
    }
  }
}
