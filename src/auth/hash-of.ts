import { hash } from 'node:crypto';

/** How a token or code of much randomness is kept: whoever reads the database cannot use it. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'base64url');
