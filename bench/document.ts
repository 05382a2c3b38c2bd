import { GOALS } from './goals.js';
import { isDisturbed, rowsOf, type Result } from './report.js';
import type { Round } from './rounds.js';
import type { Throughput } from './scenarios/throughput.js';
import { median, rounded } from './stats.js';

const MARKS = { begin: '<!-- figures -->', end: '<!-- end of figures -->' };

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const runs = (results: readonly Result[]): string =>
  markdown(
    ['run', 'date', 'commit', 'command', 'rounds', 'machine', 'it was'],
    results.map(({ date, command, rounds, machine }, index) => {
      const { cpu, cores, memoryGb, kernel, node, isPinned, commit } = machine;
      const place = `${cores} cores of ${cpu}, ${memoryGb} GB, Linux ${kernel}, Node ${node}, ${isPinned ? 'pinned' : 'not pinned'}`;
      const state = isDisturbed(results[index] as Result) ? 'busy with other work' : 'quiet';
      return [String(index + 1), date.slice(0, 16).replace('T', ' '), commit, `\`${command}\``, String(rounds), place, state];
    }),
  );

const goals = (results: readonly Result[]): string => {
  const columns = results.flatMap((_, index) => [`run ${index + 1}: median (from to)`, 'reached']);
  return markdown(['goal', 'what', 'must', 'aim', ...columns], rowsOf(results));
};

const servers = ({ scenarios: { throughput } }: Result): string => {
  const rounds = (throughput ?? []) as Round<Throughput>[];
  const rows = ['relay', 'parley', 'insert', 'typical'].flatMap((name) => {
    const found = rounds.map((round) => round[name]).filter((one) => one !== undefined);
    if (found.length === 0) return [];
    const middle = (of: (one: Throughput) => number): string => String(rounded(median(found.map(of))));
    const worst = (of: (one: Throughput) => number): string => String(Math.max(...found.map(of)));
    return [
      [
        name,
        middle(({ perSecond }) => perSecond),
        middle(({ cpu }) => cpu),
        middle(({ cpuOfNode }) => cpuOfNode),
        middle(({ cpuOfPostgres }) => cpuOfPostgres),
        [
          worst(({ lost }) => lost),
          worst(({ repeated }) => repeated),
          worst(({ reordered }) => reordered),
          worst(({ unacked }) => unacked),
        ].join(', '),
      ],
    ];
  });
  const head = [
    'server',
    'messages/s',
    'CPU µs per message',
    'of it Node',
    'of it PostgreSQL',
    'lost, repeated, reordered, unacked in the worst round',
  ];
  return markdown(head, rows);
};

/** The page with the figures of these runs between its marks. */
export const withFigures = (page: string, results: readonly Result[]): string => {
  const [before] = page.split(MARKS.begin);
  const after = page.split(MARKS.end)[1];
  const last = results.at(-1);
  if (before === undefined || after === undefined || !last) throw new Error(`The page needs the marks ${MARKS.begin} and ${MARKS.end}`);
  const missing = GOALS.filter(({ figure }) => !results.some(({ figures }) => figures[figure])).map(({ id, what }) => `${id} (${what})`);
  const parts = [runs(results), goals(results), 'The standard load on each server, medians of the last run:', servers(last)];
  if (missing.length > 0) parts.push(`Not measured: ${missing.join(', ')}.`);
  return `${before}${MARKS.begin}\n\n${parts.join('\n\n')}\n\n${MARKS.end}${after}`;
};
