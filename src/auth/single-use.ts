import { randomBytes } from 'node:crypto';
import { IsNull, MoreThan, type EntityManager, type EntityTarget } from 'typeorm';
import { AppError } from '../error/app-error.js';

/** A row for a secret that is good once. */
interface SingleUse {
  hash: string;
  expiresAt: Date;
  endedAt: Date | null;
}

/** A secret that nobody guesses; kept by its hash alone. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Ends a link that is used now; of two uses at the same time one finds it ended. @throws AppError `link.expired`. */
export const useUp = async (tx: EntityManager, links: EntityTarget<SingleUse>, hash: string): Promise<void> => {
  const good = { hash, endedAt: IsNull(), expiresAt: MoreThan(new Date()) };
  const { affected } = await tx.update(links, good, { endedAt: () => 'now()' });
  if (affected !== 1) throw new AppError('link.expired');
};
