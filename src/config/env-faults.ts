import proxyAddr from 'proxy-addr';
import { durationSeconds } from './duration.js';
import type { Env } from './env.js';

/** Words that show a secret was copied from an example. */
const WEAK_SECRET = /secret|change.?me|password|example|parley|12345|qwerty/i;
const SECRET_LENGTH = 32;
const LONGEST_AI_SECONDS = 45;

const secretFault = (name: 'JWT_ACCESS_SECRET' | 'METRICS_TOKEN', secret: string | undefined): string | undefined => {
  if (secret === undefined) return undefined;
  if (secret.length < SECRET_LENGTH) return `${name} is shorter than ${SECRET_LENGTH} characters`;
  if (WEAK_SECRET.test(secret) || new Set(secret).size < 10) {
    return `${name} is easy to guess: take a random one, such as the output of "openssl rand -hex 32"`;
  }
  return undefined;
};

const addressFaults = (env: Env): string[] =>
  (['REDIS_URL', 'SMTP_URL'] as const)
    .filter((name) => env[name] !== undefined && !URL.canParse(env[name]))
    .map((name) => `${name} is no address: write special characters of a password as %40, %2F and so on`);

const aiFaults = ({ AI_BASE_URL, AI_ALLOWED_URLS, AI_TIMEOUT }: Env): string[] => [
  ...(durationSeconds(AI_TIMEOUT) > LONGEST_AI_SECONDS ? [`AI_TIMEOUT must be ${LONGEST_AI_SECONDS}s or less`] : []),
  ...(AI_BASE_URL === undefined || URL.canParse(AI_BASE_URL) ? [] : ['AI_BASE_URL is no address']),
  ...(AI_ALLOWED_URLS.every((url) => URL.canParse(url))
    ? []
    : ['AI_ALLOWED_URLS holds something that is no address: write special characters of a key as %40, %2F and so on']),
];

const s3Faults = ({ S3_URL }: Env): string[] => {
  if (S3_URL === undefined) return [];
  const parsed = URL.canParse(S3_URL) ? new URL(S3_URL) : undefined;
  return parsed && parsed.username !== '' && parsed.password !== ''
    ? []
    : ['S3_URL must hold a key and a secret, as in https://key:secret@host/bucket: write special characters of them as %40, %2F and so on'];
};

const proxyFaults = ({ trustProxy }: Env): string[] => {
  try {
    if (Array.isArray(trustProxy)) proxyAddr.compile(trustProxy);
    return [];
  } catch (error) {
    return [`TRUST_PROXY must be off, a number of hops or a list of addresses (${(error as Error).message})`];
  }
};

const productionFaults = (env: Env): string[] => {
  const secrets = (['JWT_ACCESS_SECRET', 'METRICS_TOKEN'] as const).map((name) => secretFault(name, env[name]));
  const faults = secrets.filter((fault) => fault !== undefined);
  if (env.JWT_ACCESS_SECRET === undefined && env.DATABASE_URL !== undefined) {
    faults.push('JWT_ACCESS_SECRET is missing: in production with a DATABASE_URL it must be set');
  }
  if (env.BCRYPT_COST < 10) faults.push('BCRYPT_COST is below 10');
  return faults;
};

/** What is wrong with settings that have the right shape each. */
export const faultsOf = (env: Env): string[] => [
  ...[proxyFaults, addressFaults, s3Faults, aiFaults].flatMap((faults) => faults(env)),
  ...(env.isProduction ? productionFaults(env) : []),
];
