import type { Actor } from '../access/actor.js';
import type { Env } from '../config/env.js';
import { newId } from '../database/new-id.js';
import type { AccessTokenPayload } from './access-token.js';
import { JwtStrategy } from './jwt.strategy.js';
import type { SessionService } from './session.service.js';

const MINUTE_MS = 60_000;

describe('JwtStrategy remembers what it verified', () => {
  const actorFrom = jest.fn(({ sub }: AccessTokenPayload) => Promise.resolve({ id: sub } as Actor));
  let strategy: JwtStrategy;

  const payload = (): AccessTokenPayload => {
    const [sub, sid, bid, jti] = [newId(), newId(), newId(), newId()] as [string, string, string, string];
    return { sub, sid, bid, jti, typ: 'access', exp: Math.floor((Date.now() + MINUTE_MS) / 1000) };
  };
  const verify = (authorization: string, claims = payload()): Promise<Actor> => strategy.validate({ headers: { authorization } }, claims);

  beforeEach(() => {
    jest.useFakeTimers();
    actorFrom.mockClear();
    strategy = new JwtStrategy({ JWT_ACCESS_SECRET: 'x'.repeat(32) } as Env, { actorFrom } as unknown as SessionService);
  });
  afterEach(() => jest.useRealTimers());

  it('and asks each time what has become of its session', async () => {
    const claims = payload();
    expect(await verify('Bearer a', claims)).toEqual({ id: claims.sub });
    expect(await strategy.recall('Bearer a')).toEqual({ id: claims.sub });
    actorFrom.mockRejectedValueOnce(new Error('ended'));
    await expect(strategy.recall('Bearer a')).rejects.toThrow('ended');
    expect(actorFrom).toHaveBeenCalledTimes(3);
  });

  it('but no other token, and none that is no token of this version', () => {
    void verify('Bearer a');
    expect(() => verify('Bearer b', { ...payload(), typ: 'refresh' as 'access' })).toThrow('credential');
    for (const other of ['Bearer b', 'Bearer A', 'a', '']) expect(strategy.recall(other)).toBeUndefined();
  });

  it('until its end', () => {
    const claims = payload();
    void verify('Bearer a', claims);
    jest.setSystemTime(claims.exp * 1000 - 1);
    expect(strategy.recall('Bearer a')).toBeDefined();
    jest.setSystemTime(claims.exp * 1000);
    expect(strategy.recall('Bearer a')).toBeUndefined();
  });

  it('10,000 of them, and forgets the oldest', () => {
    for (let n = 0; n <= 10_000; n++) void verify(`Bearer ${n}`);
    expect(strategy.recall('Bearer 0')).toBeUndefined();
    expect(strategy.recall('Bearer 1')).toBeDefined();
    expect(strategy.recall('Bearer 10000')).toBeDefined();
  });
});
