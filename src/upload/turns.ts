import { AppError } from '../error/app-error.js';

/** One thing after the other, so that much of it at once does not take the machine from the chat. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly most: number,
    private readonly refusal: string,
  ) {}

  /** Does `work` when it is its turn. @throws AppError `unavailable` when too many wait. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.most) return Promise.reject(new AppError('unavailable', { message: this.refusal }));
    this.waiting++;
    const done = this.last.then(work).finally(() => this.waiting--);
    this.last = done.catch(() => undefined);
    return done;
  }
}
