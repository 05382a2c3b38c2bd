import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

const fromBase32 = (text: string): Buffer => {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
};

/** An authenticator app, written by RFC 6238 and not by what the server uses: the code of so many steps from now. */
export const codeOf = (secret: string, steps = 0): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1)! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
};

/** A code that is no good, whatever the time. */
export const wrongCodeOf = (secret: string): string => {
  const good = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return ['000000', '000001', '000002', '000003', '000004', '000005'].find((code) => !good.includes(code))!;
};

/** Waits, if the present step is nearly over, so that what is asked next falls into one step. */
export const earlyInStep = async (): Promise<void> => {
  const left = STEP_MS - (Date.now() % STEP_MS);
  if (left < 3_000) await new Promise((done) => setTimeout(done, left));
};
