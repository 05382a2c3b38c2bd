import { estimateSeconds, type Departure } from './wait-estimate.js';

/** The same numbers each time (a linear congruential generator, modulus 2^31). */
const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state + 0.5) / 2_147_483_648;
  };
};

type Talks = (random: () => number) => number;
const MEAN_SECONDS = 600;
/** How long a talk takes: many short ones and few long ones, or few that are much longer still. */
const exponential: Talks = (random) => -MEAN_SECONDS * Math.log(random());
const lognormal: Talks = (random) => {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return MEAN_SECONDS * Math.exp(normal - 0.5);
};

interface Shop {
  agents: number;
  capacity: number;
  /** Rooms that come, as a share of those that can be served. */
  load: number;
  talks: Talks;
  /** Every so often half of the agents go, or come back. */
  shiftSeconds?: number;
}

interface Told {
  position: number;
  at: number;
  estimate: number;
}

interface Waiting {
  since: number;
  told: Told[];
}

/** Some days of a shop: what its customers were told of their wait, and how long it then was. */
const simulate = ({ agents, capacity, load, talks, shiftSeconds = Infinity }: Shop, seed: number): { estimate: number; real: number }[] => {
  const random = randomOf(seed);
  const between = MEAN_SECONDS / (load * agents * capacity);
  const outcomes: { estimate: number; real: number }[] = [];
  const departures: Departure[] = [];
  const queue: Waiting[] = [];
  let ends: number[] = [];
  let online = agents;
  let lastDeparture = -Infinity;
  let [arrival, shift] = [-between * Math.log(random()), shiftSeconds];
  const tell = (waiting: Waiting, position: number, at: number): void => {
    const estimate = estimateSeconds(departures, position, online);
    if (estimate !== null) waiting.told.push({ position, at, estimate });
  };
  const serve = (now: number): void => {
    while (queue.length > 0 && ends.length < online * capacity) {
      const { since, told } = queue.shift() as Waiting;
      departures.unshift({ gapMs: (now - Math.max(since, lastDeparture)) * 1000, agents: online });
      departures.splice(50);
      lastDeparture = now;
      outcomes.push(...told.map(({ at, estimate }) => ({ estimate, real: now - at })));
      ends.push(now + talks(random));
      for (const [index, waiting] of queue.entries()) if (index < 3 || random() < 0.2) tell(waiting, index + 1, now);
    }
  };
  for (let now = 0; now < 36 * 3600;) {
    const end = Math.min(Infinity, ...ends);
    now = Math.min(arrival, end, shift);
    if (now === shift) {
      online = online === agents ? Math.ceil(agents / 2) : agents;
      shift += shiftSeconds;
      for (const [index, waiting] of queue.entries()) tell(waiting, index + 1, now);
    } else if (now === arrival) {
      arrival = now - between * Math.log(random());
      if (ends.length < online * capacity) ends.push(now + talks(random));
      else {
        const waiting: Waiting = { since: now, told: [] };
        queue.push(waiting);
        tell(waiting, queue.length, now);
      }
    } else ends = ends.filter((one) => one !== end);
    serve(now);
  }
  return outcomes;
};

describe('the estimate of a wait', () => {
  it.each<[string, Shop]>([
    ['one agent with one room at a time', { agents: 1, capacity: 1, load: 0.9, talks: exponential }],
    ['three agents with two rooms each', { agents: 3, capacity: 2, load: 0.9, talks: exponential }],
    ['the same, with talks of very different length', { agents: 3, capacity: 2, load: 0.9, talks: lognormal }],
    ['ten agents with three rooms each, nearly all taken', { agents: 10, capacity: 3, load: 0.95, talks: exponential }],
    ['more customers than can be served', { agents: 10, capacity: 1, load: 1.02, talks: lognormal }],
    ['agents who come and go', { agents: 4, capacity: 3, load: 0.7, talks: exponential, shiftSeconds: 7_200 }],
    ['a quiet shop', { agents: 2, capacity: 1, load: 0.7, talks: lognormal }],
  ])('holds in four of five cases, and is no empty promise: %s', (_, shop) => {
    const outcomes = [1, 2].flatMap((seed) => simulate(shop, seed));
    expect(outcomes.length).toBeGreaterThan(500);
    const held = outcomes.filter(({ estimate, real }) => real <= estimate).length / outcomes.length;
    const ratios = outcomes.map(({ estimate, real }) => estimate / Math.max(1, real)).sort((one, other) => one - other);
    const typical = ratios[Math.floor(ratios.length / 2)] as number;
    if (process.env.SHOW_CALIBRATION)
      process.stdout.write(`${held.toFixed(3)} of ${outcomes.length}, ${typical.toFixed(2)} times the wait: ${_}\n`);
    expect(held).toBeGreaterThanOrEqual(0.8);
    expect(typical).toBeLessThan(3);
  });

  it('is none where too little is known, or nobody is there to come', () => {
    const departures = Array.from({ length: 5 }, () => ({ gapMs: 60_000, agents: 2 }));
    expect(estimateSeconds(departures.slice(1), 1, 2)).toBeNull();
    expect(estimateSeconds(departures, 1, 0)).toBeNull();
    expect(estimateSeconds(departures, 1, 2)).toBe(60);
    expect(estimateSeconds(departures, 3, 1)).toBe(360);
  });

  it('grows with the place', () => {
    const departures = [10, 200, 30, 90, 60, 400].map((seconds) => ({ gapMs: seconds * 1000, agents: 3 }));
    const estimates = [1, 2, 3, 5, 10].map((place) => estimateSeconds(departures, place, 3) as number);
    expect(estimates).toEqual([...estimates].sort((one, other) => one - other));
    expect(new Set(estimates).size).toBe(5);
  });
});
