import { setTimeout as sleep } from 'node:timers/promises';

/** A loader that is asked all the time waits this long between two queries, so that more share the next one. */
const BUSY_PAUSE_MS = 5;

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
    private readonly most = 200,
  ) {}

  /** Of a query that finds one row for a key, or none, in any order. */
  static byKey<Row>(find: (keys: string[]) => Promise<Row[]>, keyOf: (row: Row) => string): BatchLoader<string, Row | undefined> {
    return new BatchLoader(async (keys: string[]) => {
      const byKey = new Map((await find([...new Set(keys)])).map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key));
    });
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
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.most);
      try {
        const found = await this.load(batch.map(({ key }) => key));
        batch.forEach((one, index) => one.found(found[index] as Found));
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
      await sleep(BUSY_PAUSE_MS);
    }
    this.isRunning = false;
  }
}
