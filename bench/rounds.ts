import { median, rounded } from './stats.js';

/** What was measured in one round, by the name of what was measured. */
export type Round<Measured> = Partial<Record<string, Measured>>;

export type Measure<Measured> = () => Promise<Measured>;

/** Measures everything once in each round, in another order each time: what disturbs the machine meets all. */
export const interleaved = async <Measured extends object>(
  measures: readonly [string, Measure<Measured>][],
  count: number,
): Promise<Round<Measured>[]> => {
  const rounds: Round<Measured>[] = [];
  for (let n = 0; n < count; n++) {
    const round: Round<Measured> = {};
    const first = n % measures.length;
    for (const [name, measure] of [...measures.slice(first), ...measures.slice(0, first)]) {
      const found = await measure();
      round[name] = found;
      process.stderr.write(`  round ${n + 1} ${name.padEnd(9)} ${brief(found)}\n`);
    }
    rounds.push(round);
  }
  return rounds;
};

const brief = (measured: object): string =>
  Object.entries(measured)
    .map(([name, value]) => `${name} ${rounded(value as number)}`)
    .join('  ');

/** One figure of `name` over the same of `base`, round by round; none where one of the two was not measured. */
export const ratios = <Measured>(
  rounds: readonly Round<Measured>[],
  name: string,
  base: string,
  of: (measured: Measured) => number,
): number[] =>
  rounds.flatMap((round) => {
    const [above, below] = [round[name], round[base]];
    return above && below ? [of(above) / of(below)] : [];
  });

export interface Figure {
  median: number;
  min: number;
  max: number;
  /** Of each round. */
  rounds: number[];
}

export const figureOf = (values: readonly number[]): Figure | undefined =>
  values.length === 0
    ? undefined
    : {
        median: rounded(median(values)),
        min: rounded(Math.min(...values)),
        max: rounded(Math.max(...values)),
        rounds: values.map(rounded),
      };
