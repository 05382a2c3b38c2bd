import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a site says of who its visitor is, and the proof that the site itself says so. */
export interface Identity {
  externalId: string;
  /** HMAC-SHA256 of `externalId` under the secret of the business, in hexadecimal digits. */
  signature: string;
}

const SIGNATURE = /^[0-9a-f]{64}$/i;
const NOTHING = Buffer.alloc(32);

/** Compares in the same time whether the signature is wrong, is none, or there is no secret. */
export const isSigned = ({ externalId, signature }: Identity, secret: string | null): boolean => {
  const isWellFormed = SIGNATURE.test(signature);
  const expected = createHmac('sha256', secret ?? '')
    .update(externalId)
    .digest();
  const isEqual = timingSafeEqual(expected, isWellFormed ? Buffer.from(signature, 'hex') : NOTHING);
  return isEqual && isWellFormed && secret !== null;
};
