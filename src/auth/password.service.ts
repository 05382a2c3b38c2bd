import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import commonPasswords from 'fxa-common-password-list';
import { Env } from '../config/env.js';
import { MIN_PASSWORD_LENGTH } from '../contract/session.js';
import { AppError } from '../error/app-error.js';
import { codePoints } from '../validation/rules.js';

const HASHES_AT_ONCE = 2;
const MAX_WAITING = 200;

/** bcrypt reads 72 bytes and stops at a NUL: a hash of fixed length without either lets every character count. */
const prehash = (password: string): string => createHash('sha256').update(password).digest('base64');

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '');

/** Hashes and checks passwords, two at a time, so that a flood of logins cannot starve the chat. */
@Injectable()
export class PasswordService {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly dummy: Promise<string>;

  constructor(private readonly env: Env) {
    this.dummy = bcrypt.hash(prehash('nobody has this password'), env.BCRYPT_COST);
  }

  /**
   * @param context Words that belong to the person or the business and make no password.
   * @throws AppError `auth.password_weak`; `unavailable` when too many wait.
   */
  async hash(password: string, context: (string | null | undefined)[]): Promise<string> {
    this.refuseWeak(password, context);
    return this.queued(() => bcrypt.hash(prehash(password), this.env.BCRYPT_COST));
  }

  /** Takes as long for nobody's account (`null`) as for somebody's. */
  async verify(password: string, hash: string | null): Promise<boolean> {
    const compared = hash ?? (await this.dummy);
    const isRight = await this.queued(() => bcrypt.compare(prehash(password), compared));
    return isRight && hash !== null;
  }

  private refuseWeak(password: string, context: (string | null | undefined)[]): void {
    if (codePoints(password) < MIN_PASSWORD_LENGTH)
      throw new AppError('auth.password_weak', { message: `A password has at least ${MIN_PASSWORD_LENGTH} characters` });
    if (commonPasswords.test(password) || commonPasswords.test(password.toLowerCase())) {
      throw new AppError('auth.password_weak', { message: 'This password is on the list of the most common ones' });
    }
    const words = context.filter((word) => word != null).flatMap((word) => [word, ...word.split('@')]);
    const isContext = words.some(
      (word) => password.toLowerCase() === word.toLowerCase() || (letters(word).length >= 4 && letters(password) === letters(word)),
    );
    if (isContext) throw new AppError('auth.password_weak', { message: 'A password is not a name or an address with a number' });
  }

  private async queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting.length >= MAX_WAITING) throw new AppError('unavailable', { message: 'Too many logins are waiting' });
    if (this.running >= HASHES_AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
