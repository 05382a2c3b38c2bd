import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Chores } from '../database/chores.js';

const HOUR_SECONDS = 3_600;
const AT_ONCE = 1_000;

/** Rows that somebody holds wait for the next run. */
const STRIP = (table: string): string => `
UPDATE ${table} SET label_ids = array_remove(label_ids, $1::uuid) WHERE id IN (
  SELECT id FROM ${table} WHERE label_ids @> ARRAY[$1::uuid] AND label_ids <> '{}' LIMIT ${AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED)
RETURNING 1`;
const UNWORN = `
DELETE FROM label l WHERE l.id = $1
  AND NOT EXISTS (SELECT FROM room WHERE label_ids @> ARRAY[l.id] AND label_ids <> '{}')
  AND NOT EXISTS (SELECT FROM "user" WHERE label_ids @> ARRAY[l.id] AND label_ids <> '{}')`;

/** Takes the ids of deleted labels off what wore them. Nobody sees those any more, so there is no hurry. */
@Injectable()
export class LabelSweep {
  constructor(
    private readonly dataSource: DataSource,
    chores: Chores,
  ) {
    chores.add({ name: 'sweep labels', everySeconds: HOUR_SECONDS, work: (isStopping) => this.sweep(isStopping) });
  }

  private async sweep(isStopping: () => boolean): Promise<void> {
    const deleted = await this.dataSource.query<{ id: string }[]>('SELECT id FROM label WHERE deleted_at IS NOT NULL');
    for (const { id } of deleted) {
      for (const table of ['room', '"user"']) {
        let stripped = AT_ONCE;
        while (stripped === AT_ONCE && !isStopping()) {
          const [rows] = await this.dataSource.query<[unknown[], number]>(STRIP(table), [id]);
          stripped = rows.length;
        }
      }
      if (isStopping()) return;
      await this.dataSource.query(UNWORN, [id]);
    }
  }
}
