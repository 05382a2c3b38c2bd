import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';

const HOUR_SECONDS = 3_600;
const KEPT_DAYS = 30;
/** Few at a time: a session of two months has thousands of used refresh tokens, which go with it. */
const BATCH = 20;

/** Forgets sessions that ended or ran out long ago, with their refresh tokens. Until then a stolen token is known as one. */
@Injectable()
export class SessionCleaner {
  constructor(chores: Chores, dataSource: DataSource) {
    const old = (column: string): Parameters<typeof deleteInBatches>[1] => ({
      table: 'session',
      key: 'id',
      where: `${column} < now() - interval '${KEPT_DAYS} days'`,
      batch: BATCH,
    });
    chores.add({
      name: 'old-sessions',
      everySeconds: HOUR_SECONDS,
      work: async (isStopping) => {
        await deleteInBatches(dataSource, old('ended_at'), isStopping);
        await deleteInBatches(dataSource, old('expires_at'), isStopping);
      },
    });
  }
}
