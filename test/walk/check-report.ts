import type { Message } from '../../src/contract/message.js';
import type { Durations, ReportOverview } from '../../src/contract/report.js';
import { until } from '../support/factories.js';
import { isWritten, same, type Check, type Truth } from './truth.js';

/** Something that happened, as docs/reports.md counts it. */
interface Happening {
  kind: 'opened' | 'closed' | 'assigned' | 'responded' | 'waited' | 'message';
  at: string;
  agent?: string | null;
  ms?: number;
}

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** All of a room, from its making on. */
const happeningsOf = (createdAt: string, customerId: string, entries: Message[], staff: Set<string>): Happening[] => {
  const found: Happening[] = [{ kind: 'opened', at: createdAt }];
  let opened: string | null = createdAt;
  let asked: string | null = null;
  let isAnswered = false;
  let hasWaited = false;
  let holder: string | null = null;
  const hold = (id: string | null, at: string): void => {
    if (id !== null && id !== holder) {
      found.push({ kind: 'assigned', at, agent: id });
      if (!hasWaited && opened !== null) found.push({ kind: 'waited', at, ms: between(opened, at) });
      hasWaited = true;
    }
    holder = id;
  };
  for (const { activity, sender, ai, createdAt: at, ...entry } of entries) {
    if (isWritten(entry as Message)) {
      const isByStaff = sender !== null && staff.has(sender.id) && !ai;
      found.push({ kind: 'message', at, agent: isByStaff ? sender.id : null });
      if (sender?.id === customerId) asked ??= at;
      else if (isByStaff && asked !== null && !isAnswered) {
        found.push({ kind: 'responded', at, agent: sender.id, ms: between(asked, at) });
        isAnswered = true;
      }
    }
    if (!activity) continue;
    if (activity.type === 'closed' || activity.type === 'ended') {
      found.push({ kind: 'closed', at, agent: holder, ms: between(opened as string, at) });
      opened = null;
    } else if (activity.type === 'reopened') {
      [opened, asked, isAnswered, holder] = [at, null, false, null];
      found.push({ kind: 'opened', at });
      // One that comes back with its agent did not wait.
      hasWaited = 'assignee' in activity && activity.assignee !== null;
    }
    if ('assignee' in activity) hold(activity.assignee?.id ?? null, at);
  }
  return found;
};

const quantile = (sorted: number[], share: number): number => {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return Math.round(low + (high - low) * (place - Math.floor(place)));
};
const durationsOf = (happenings: Happening[]): Durations => {
  const sorted = happenings.map(({ ms }) => Math.max(0, ms as number)).sort((one, other) => one - other);
  return sorted.length === 0 ? { median: null, p90: null } : { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
};
const ratingOf = (scores: number[]): { count: number; mean: number | null } => ({
  count: scores.length,
  mean: scores.length === 0 ? null : Math.round((scores.reduce((sum, score) => sum + score, 0) / scores.length) * 100) / 100,
});

/** What the overview of the last thirty days has to say, from the whole history. */
const overviewOf = ({ shop, rooms, entries, agents }: Truth): ReportOverview => {
  const staff = new Set(agents.map(({ id }) => id));
  const all = rooms.flatMap(({ id, createdAt, customer }) => happeningsOf(createdAt, customer.id, entries.get(id)?.public ?? [], staff));
  const of = (kind: Happening['kind'], fits: (one: Happening) => boolean = () => true): Happening[] =>
    all.filter((one) => one.kind === kind && fits(one));
  const clock = (at: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-CA', { timeZone: shop.timeZone, hourCycle: 'h23', ...options }).format(new Date(at));
  const dateOf = (at: string): string => clock(at, { dateStyle: 'short' });
  const countsOf = (fits: (one: Happening) => boolean): { opened: number; closed: number; messages: number } => ({
    opened: of('opened', fits).length,
    closed: of('closed', fits).length,
    messages: of('message', fits).length,
  });
  const { opened, closed, messages } = countsOf(() => true);
  const scores = (fits: (assigneeId: string | undefined) => boolean): number[] =>
    rooms.flatMap(({ rating, assignee }) => (rating && fits(assignee?.id) ? [rating.score as number] : []));
  const dates = Array.from({ length: 30 }, (_, ago) => dateOf(new Date(Date.now() - ago * 86_400_000).toISOString())).reverse();
  return {
    rooms: { opened, closed, open: rooms.filter(({ status }) => status !== 'closed').length },
    messages,
    firstResponseMs: durationsOf(of('responded')),
    resolutionMs: durationsOf(of('closed')),
    waitMs: durationsOf(of('waited')),
    rating: ratingOf(scores(() => true)),
    perDay: dates.map((date) => ({ date, ...countsOf(({ at }) => dateOf(at) === date) })),
    perHour: Array.from({ length: 24 }, (_, hour) => ({ hour, ...countsOf(({ at }) => Number(clock(at, { hour: '2-digit' })) === hour) })),
    perAgent: agents.flatMap(({ id, role, name, avatarUrl, disabled }) => {
      const own = ({ agent }: Happening): boolean => agent === id;
      const rating = ratingOf(scores((assigneeId) => assigneeId === id));
      if (disabled && all.filter(own).length === 0 && rating.count === 0) return [];
      return {
        agent: { id, role, name, avatarUrl },
        assigned: of('assigned', own).length,
        closed: of('closed', own).length,
        messages: of('message', own).length,
        firstResponseMs: durationsOf(of('responded', own)),
        rating,
      };
    }),
  };
};

/** The report says what the history says, at every server once it has counted. */
export const reportIsRight: Check = async (walk, truth) => {
  const expected = overviewOf(truth);
  const faults: string[] = [];
  for (const { url } of walk.nodes) {
    const told = await until(
      () => walk.get(truth.admin, '/api/reports/overview', url) as Promise<ReportOverview>,
      (overview) => JSON.stringify(overview) === JSON.stringify(expected),
      9_000,
    );
    for (const figure of Object.keys(expected) as (keyof ReportOverview)[])
      faults.push(...same(`${url} reports ${figure}`, told[figure], expected[figure]));
  }
  return faults;
};
