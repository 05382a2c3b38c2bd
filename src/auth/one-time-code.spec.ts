import { newRecoveryCodes, newTotpSecret, normaliseRecoveryCode, stepOfCode, totpUri } from './one-time-code.js';

/** The key of RFC 6238, appendix B, in base 32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code', () => {
  // Of the eight digits of the RFC the last six.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i is that of RFC 6238', (seconds, code) => {
    expect(stepOfCode(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
    expect(stepOfCode(SECRET, `${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('is good one step early or late, not two, to the millisecond', () => {
    const [code, step] = ['005924', 1234567890 / 30];
    const [from, to] = [step * 30_000, (step + 1) * 30_000 - 1];
    for (const now of [from - 30_000, from, to, to + 30_000]) expect(stepOfCode(SECRET, code, now)).toBe(step);
    for (const now of [from - 30_001, to + 30_001, 0, to * 10]) expect(stepOfCode(SECRET, code, now)).toBeNull();
  });

  it.each(['', '005925', '5924', '0059240', 'abcdef', '00592\u0664', '005924005924'])('%j is none', (code) => {
    expect(stepOfCode(SECRET, code, 1234567890_000)).toBeNull();
  });
});

describe('a secret', () => {
  it('has 160 bits and is another each time', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(secrets).size).toBe(50);
  });

  it('is told to an app with business and address, whatever they hold', () => {
    const uri = new URL(totpUri(SECRET, 'A&B: Shop?', 'ada+x@shop.example'));
    expect(`${uri.protocol}//${uri.host}`).toBe('otpauth://totp');
    expect(decodeURIComponent(uri.pathname)).toBe('/A&B: Shop?:ada+x@shop.example');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'A&B: Shop?',
      secret: SECRET,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

describe('recovery codes', () => {
  it('are ten different ones, and are known however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
      expect(normaliseRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''));
    }
  });
});
