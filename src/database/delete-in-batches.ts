import type { DataSource } from 'typeorm';

interface Forgotten {
  table: string;
  key: string;
  /** Which rows, as a condition that an index answers. */
  where: string;
  /** How many at a time; with what hangs on them they stay far below the time limit of a statement. */
  batch?: number;
  /** Takes the keys of those that are gone. */
  gone?: (keys: string[]) => Promise<unknown>;
}

/** Deletes batch after batch, each in a transaction of its own, until nothing is left or the server wants to stop. */
export const deleteInBatches = async (
  dataSource: DataSource,
  { table, key, where, batch = 500, gone }: Forgotten,
  isStopping: () => boolean,
): Promise<void> => {
  for (let count = batch; count === batch && !isStopping();) {
    const [rows] = await dataSource.query<[{ key: string }[], number]>(
      `DELETE FROM ${table} WHERE ${key} = ANY (ARRAY (SELECT ${key} FROM ${table} WHERE ${where} LIMIT $1)) RETURNING ${key} AS key`,
      [batch],
    );
    count = rows.length;
    await gone?.(rows.map((row) => row.key));
  }
};
