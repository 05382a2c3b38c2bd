import type { EntityManager } from 'typeorm';

/** Lets those who take turns at this go one after the other, each until its transaction ends: two at once would not go past a limit that both looked at. */
export const takeTurns = async (tx: EntityManager, at: string): Promise<void> => {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [at]);
};
