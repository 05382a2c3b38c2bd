import { In, type EntityManager } from 'typeorm';
import { AppError } from '../error/app-error.js';
import { Team } from './team.entity.js';

/** Keeps teams from being deleted until the transaction ends. @throws AppError `team.not_found`. */
export const requireTeams = async (tx: EntityManager, businessId: string, ids: string[]): Promise<void> => {
  if (ids.length === 0) return;
  const where = { id: In(ids), businessId };
  const found = await tx.getRepository(Team).find({ where, order: { id: 'ASC' }, lock: { mode: 'for_key_share' } });
  if (found.length < ids.length) throw new AppError('team.not_found');
};
