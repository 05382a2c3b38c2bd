import { describe, METRICS, type MetricName } from '../metrics/catalogue.js';
import type { Block } from './event-page.js';

/** What `GET /metrics` tells, and what to watch of it. */
export const metricsPage = (): Block[] => [
  { heading: 'Metrics', level: 1 },
  {
    text: '`GET /metrics` tells what a server counts, in the text format of Prometheus. Each server tells its own figures, from its own start. With the setting `METRICS_TOKEN` the token is asked for (`Authorization: Bearer …`); without one the figures are open outside production, and there is no such route in it. No label ever holds an id or a name of anybody.',
  },
  {
    head: ['metric', 'type', 'labels', 'meaning'],
    rows: (Object.keys(METRICS) as MetricName[]).map((name) => {
      const { type, help, labels = [] } = describe(name);
      return [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(' '), help];
    }),
  },
  {
    text: 'Beside these stand those that `prom-client` tells of every Node.js process: `process_cpu_seconds_total`, `process_resident_memory_bytes`, `nodejs_eventloop_lag_p99_seconds`, `nodejs_heap_size_used_bytes`, `nodejs_gc_duration_seconds` and others. They begin with the first scrape.',
  },
  { heading: 'What to watch', level: 2 },
  {
    head: ['ask Prometheus', 'and look when'],
    rows: [
      ['`histogram_quantile(0.99, rate(parley_writer_commit_seconds_bucket[5m]))`', 'it stays above 0.1: the disk of the database is slow'],
      [
        '`parley_writer_waiting_messages`',
        'it stays above 1000: more is sent than the database takes, and soon senders are told to come back',
      ],
      ['`rate(parley_sends_total{outcome="unavailable"}[5m])`', 'it is above 0: messages had to be sent again'],
      ['`parley_pump_lag_seconds`', 'it stays above 2: listeners are behind'],
      ['`parley_database_connections{state="waiting"}`', 'it stays above 0: `DATABASE_POOL` is too small, or a query too slow'],
      ['`nodejs_eventloop_lag_p99_seconds`', 'it stays above 0.1: the process has more to do than one core can'],
      ['`parley_mails_waiting`', 'it grows: the mail server takes none'],
      ['`rate(parley_http_requests_total{status="5xx"}[5m])`', 'it is above 0: the log says why'],
      ['`increase(parley_chore_runs_total{outcome="failed"}[1d])`', 'it is above 0: the log says why'],
    ],
  },
];
