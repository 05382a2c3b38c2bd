import { AppError } from '../error/app-error.js';
import type { User } from './user.entity.js';

/** What a blocked customer hears, whatever it tries to do: a polite word, and no reason to argue with. */
export const chatUnavailable = (): AppError => new AppError('access.denied', { message: 'This chat is not available' });

/** A blocked customer reads and leaves, and does nothing else. @throws AppError `access.denied`. */
export const requireUnblocked = ({ blocked }: Pick<User, 'blocked'>): void => {
  if (blocked) throw chatUnavailable();
};
