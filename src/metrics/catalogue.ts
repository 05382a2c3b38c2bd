interface Described {
  type: 'counter' | 'gauge' | 'histogram';
  /** What it counts, for the page and for Prometheus. */
  help: string;
  /** What it is split by. No label holds the name or the id of anybody: their values are few and known. */
  labels?: readonly string[];
  /** Upper bounds of a histogram. */
  bounds?: readonly number[];
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Every figure that this server tells beside those of its process. `docs/metrics.md` is written from it. */
export const METRICS = {
  parley_build: { type: 'gauge', help: 'Always 1; the label says which version runs.', labels: ['version'] },
  parley_sockets: { type: 'gauge', help: 'Open sockets, by the role of the person.', labels: ['role'] },
  parley_sends_total: {
    type: 'counter',
    help: 'Messages that people and the machine sent, by what became of them: stored, repeated (it was there already), refused, unavailable (to be sent again).',
    labels: ['outcome'],
  },
  parley_writer_batch_messages: { type: 'histogram', help: 'Messages that were stored by one commit.', bounds: SIZES },
  parley_writer_commit_seconds: { type: 'histogram', help: 'How long a commit of messages took.', bounds: SECONDS },
  parley_writer_waiting_messages: { type: 'gauge', help: 'Messages that wait for the commit before theirs.' },
  parley_queue_rooms: { type: 'gauge', help: 'Rooms of all businesses that wait for an agent. The same on every server.' },
  parley_pump_rooms: { type: 'gauge', help: 'Rooms with somebody listening on this server.' },
  parley_pump_lag_entries: { type: 'gauge', help: 'Entries that are stored, and not yet sent to who listens.' },
  parley_pump_lag_seconds: { type: 'gauge', help: 'For how long the room that is furthest behind has been so.' },
  parley_pump_reads_total: { type: 'counter', help: 'How often entries were read back, because no signal brought them in order.' },
  parley_database_connections: {
    type: 'gauge',
    help: 'Connections of the pool: total, idle among them, and calls that wait for one (waiting).',
    labels: ['state'],
  },
  parley_slow_readers_total: { type: 'counter', help: 'Sockets that were cut because their clients did not read what they were sent.' },
  parley_rate_limited_total: { type: 'counter', help: 'Calls that came too often, by the limit that they met.', labels: ['limit'] },
  parley_mails_waiting: { type: 'gauge', help: 'Mails that are not sent yet. The same on every server.' },
  parley_http_requests_total: {
    type: 'counter',
    help: 'Answers over HTTP, by method, pattern of the route and class of the status; `none` for what is no route.',
    labels: ['method', 'route', 'status'],
  },
  parley_chore_runs_total: {
    type: 'counter',
    help: 'Clean-up jobs that this server has run: done or failed.',
    labels: ['chore', 'outcome'],
  },
} as const satisfies Record<string, Described>;

export type MetricName = keyof typeof METRICS;

export const describe = (name: MetricName): Described => METRICS[name];
