import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 6238 with what every authenticator app takes for granted. */
const ALGORITHM = 'SHA1';
const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** A code is good one step early or late: for a clock that is wrong, and for slow typing. */
const WINDOW = 1;
/** RFC 4226 asks for 160 bits. */
const SECRET_BYTES = 20;

const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

const totpOf = (secret: string, issuer: string, label: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: ALGORITHM, digits: DIGITS, period: PERIOD_SECONDS, issuer, label });

/** A new secret in base 32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What a QR code for an authenticator app says. */
export const totpUri = (secret: string, issuer: string, label: string): string => totpOf(secret, issuer, label).toString();

/** The step, counted from 1970, that a code belongs to; null for a code that is not good now. */
export const stepOfCode = (secret: string, code: string, now = Date.now()): number | null => {
  const token = code.replaceAll(' ', '');
  // The library compares bytes, and throws at a letter that has more than one.
  if (!/^[0-9]+$/.test(token)) return null;
  const delta = totpOf(secret, '', '').validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
};

/** 80 bits each, in groups of four that are easily typed. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const { base32 } = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer });
    return base32.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
  });

/** The one form of a recovery code, however it was typed. */
export const normaliseRecoveryCode = (code: string): string => code.toLowerCase().replace(/[\s-]/g, '');
