import { createHash } from 'node:crypto';

/** How a token or code of much randomness is kept: whoever reads the database cannot use it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
