import type { SignedIn, Tokens } from '../../src/contract/session.js';
import type { OwnUser } from '../../src/contract/user.js';
import { Emitter } from './emitter.js';
import { errorOf, noConnection, ParleyError } from './error.js';
import { withLock } from './lock.js';
import { newId } from './new-id.js';
import type { Store } from './store.js';

/** An access token that ends sooner is renewed before it is used. */
const SPARE_MS = 30_000;

interface Kept {
  user: OwnUser;
  accessToken: string;
  refreshToken: string;
  /** By this machine's clock. */
  expiresAt: number;
  /** Names the trade of this refresh token, so that it can be asked for again when its answer was lost. */
  attemptId?: string;
}

const kept = (user: OwnUser, { accessToken, refreshToken, expiresIn }: Tokens): Kept => ({
  user,
  accessToken,
  refreshToken,
  expiresAt: Date.now() + expiresIn * 1_000,
});

/** Who is signed in here, in the store that all tabs share. A refresh token is traded by one tab at a time, as it is good for one trade. */
export class Credentials extends Emitter<{ changed: OwnUser | null; ended: ParleyError }> {
  private readonly key: string;

  /** `scope` keeps several sign-ins apart that share a store. */
  constructor(
    private readonly url: string,
    private readonly store: Store,
    scope: string,
  ) {
    super();
    this.key = `session ${scope}`;
  }

  async user(): Promise<OwnUser | null> {
    return (await this.read())?.user ?? null;
  }

  async keep({ user, ...tokens }: SignedIn): Promise<void> {
    await this.store.set(this.key, kept(user, tokens));
    this.emit('changed', user);
  }

  async forget(): Promise<void> {
    await this.store.delete(this.key);
    this.emit('changed', null);
  }

  /**
   * A token that is good for a while; another one than `refused`, which the server did not take.
   * @throws ParleyError `auth.required` when nobody is signed in; the server's when the session is over; `client.no_connection`.
   */
  async accessToken(refused?: string): Promise<string> {
    const now = await this.read();
    if (now && isGood(now, refused)) return now.accessToken;
    return withLock(`parley ${this.url} ${this.key}`, async () => {
      // Another tab may have been here meanwhile.
      const before = await this.read();
      if (!before) throw new ParleyError({ code: 'auth.required', message: 'Nobody is signed in', retryable: false });
      return isGood(before, refused) ? before.accessToken : this.renew(before);
    });
  }

  private read(): Promise<Kept | undefined> {
    return this.store.get<Kept>(this.key);
  }

  private async renew(before: Kept): Promise<string> {
    const attemptId = before.attemptId ?? newId();
    await this.store.set(this.key, { ...before, attemptId });
    const response = await fetch(`${this.url}/api/auth/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refreshToken: before.refreshToken, attemptId }),
    }).catch((error: unknown) => {
      throw noConnection(error);
    });
    const body: unknown = await response.json().catch((error: unknown) => {
      throw noConnection(error);
    });
    if (response.ok) {
      const after = kept(before.user, body as Tokens);
      await this.store.set(this.key, after);
      return after.accessToken;
    }
    const error = errorOf(response.status, body);
    if (!error.retryable) {
      await this.forget();
      this.emit('ended', error);
    }
    throw error;
  }
}

const isGood = ({ accessToken, expiresAt }: Kept, refused: string | undefined): boolean =>
  accessToken !== refused && expiresAt - Date.now() > SPARE_MS;
