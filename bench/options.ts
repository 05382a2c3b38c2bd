import { parseArgs } from 'node:util';

/** In the order of a run. Latency comes first: after a load PostgreSQL writes its checkpoint for minutes. */
const SCENARIOS = ['open-loop', 'throughput', 'slow-disk', 'fan-out', 'memory', 'connect', 'start'] as const;
export type Scenario = (typeof SCENARIOS)[number];

const SERVERS = ['relay', 'typical', 'insert', 'parley', 'against'] as const;
type ServerName = (typeof SERVERS)[number];

export interface Options {
  scenarios: readonly Scenario[];
  servers: readonly ServerName[];
  rounds: number;
  /** Of each measurement, and what is left out before it. */
  seconds: number;
  warmUp: number;
  /** File for the figures; a dated one in bench/results when none is given. */
  out: string | undefined;
  /** Another build of Parley, measured in the same rounds. */
  against: string | undefined;
  /** For Parley's process, such as --cpu-prof. */
  nodeArguments: string[];
}

export const USAGE = `npm run bench -- [what …] [options]
  what            scenarios (${SCENARIOS.join(', ')}) and servers (${SERVERS.join(', ')}); all when left out, the relay always
  --rounds 5      how often each server is measured
  --seconds 5     how long each time
  --warm-up 2     seconds that are left out before
  --out file      where the figures go
  --against dist  another build of Parley, measured in the same rounds
  --node-args=s   arguments for Parley's process, such as "--cpu-prof --cpu-prof-dir=/tmp/profile"
  --document f …  writes the figures of these results into docs/speed.md
BENCH_DIST names the build that is measured; dist when it is not set.
`;

const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name => names.includes(name as Name);

const positive = (name: string, text: string): number => {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0`);
  return number;
};

/** @throws Error that says what is wrong. */
export const readOptions = (args: string[]): Options => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '2' },
      out: { type: 'string' },
      against: { type: 'string' },
      'node-args': { type: 'string', default: '' },
    },
  });
  const unknown = positionals.find((name) => !isOneOf(SCENARIOS, name) && !isOneOf(SERVERS, name));
  if (unknown !== undefined) throw new Error(`There is neither a scenario nor a server "${unknown}"`);
  const scenarios = SCENARIOS.filter((name) => positionals.includes(name));
  const servers = SERVERS.filter((name) => positionals.includes(name));
  const chosen = servers.length > 0 ? servers : SERVERS.filter((name) => name !== 'against');
  return {
    scenarios: scenarios.length > 0 ? scenarios : SCENARIOS,
    // Every figure is a ratio to the relay.
    servers: SERVERS.filter((name) => name === 'relay' || chosen.includes(name) || (name === 'against' && values.against !== undefined)),
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    warmUp: positive('warm-up', values['warm-up']),
    out: values.out,
    against: values.against,
    nodeArguments: values['node-args'].split(' ').filter(Boolean),
  };
};
