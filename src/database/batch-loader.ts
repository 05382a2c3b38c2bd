import { setTimeout as sleep } from 'node:timers/promises';

/** A loader that is asked all the time waits for the next beat between two queries, so that more share the next one. */
const BEAT_MS = 8;

let beat: Promise<void> | undefined;

/** The next beat, the same for all loaders: their queries then leave together. */
const nextBeat = (): Promise<void> =>
  (beat ??= sleep(BEAT_MS).then(() => {
    beat = undefined;
  }));

interface Options {
  /** Keys in one query; 200 when not given. */
  most?: number;
  /** Milliseconds between two queries of a busy loader, where a query costs much however few keys it has; a beat when not given. */
  pauseMs?: number;
}

interface Waiting<Key, Found> {
  key: Key;
  found: (found: Found) => void;
  failed: (error: unknown) => void;
}

/**
 * Reads for many callers with one query: what is asked for in one turn of the event loop, or while a query is under way,
 * shares the next one. Nobody gets an answer from a query that began before the question, so nothing old is read, and
 * nothing is kept.
 */
export class BatchLoader<Key, Found> {
  private waiting: Waiting<Key, Found>[] = [];
  private isRunning = false;

  /** `load` answers in the order of the keys. */
  constructor(
    private readonly load: (keys: Key[]) => Promise<Found[]>,
    private readonly options: Options = {},
  ) {}

  /** Of a query that finds one row for a key, or none, in any order. */
  static byKey<Row>(
    find: (keys: string[]) => Promise<Row[]>,
    keyOf: (row: Row) => string,
    options?: Options,
  ): BatchLoader<string, Row | undefined> {
    const load = async (keys: string[]): Promise<(Row | undefined)[]> => {
      const byKey = new Map((await find([...new Set(keys)])).map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key));
    };
    return new BatchLoader(load, options);
  }

  get(key: Key): Promise<Found> {
    return new Promise((found, failed) => {
      this.waiting.push({ key, found, failed });
      if (this.isRunning) return;
      this.isRunning = true;
      setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    const { most = 200, pauseMs } = this.options;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, most);
      try {
        const found = await this.load(batch.map(({ key }) => key));
        batch.forEach((one, index) => one.found(found[index] as Found));
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
      await (pauseMs === undefined ? nextBeat() : sleep(pauseMs));
    }
    this.isRunning = false;
  }
}
