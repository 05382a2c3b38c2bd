import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Matches, Max, Min, validateSync } from 'class-validator';
import { durationSeconds } from './duration.js';
import { faultsOf } from './env-faults.js';
import { AreOrigins, IsOrigin } from './origin.rule.js';
import { StartError } from './start-error.js';

const whole = ({ value }: { value: unknown }): unknown => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value);
const decimal = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
const list = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    : value;

/** Where a server without a public address is reached: as browsers say it, so without the port 80. */
const localUrl = (port: number): string =>
  URL.canParse(`http://localhost:${port}`) ? new URL(`http://localhost:${port}`).origin : 'http://localhost';

const DURATION = /^[1-9]\d{0,5}(s|m|h|d)$/;
/** An address alone, or behind a name in angle brackets. */
const SENDER = /^(?:[^<>"\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** A key stands in a setting of its own. */
const AI_URL = /^https?:\/\/[^@\s]+$/;

/** Every setting, in the order of `.env.example`. The only reader of `process.env`. */
export class Env {
  /** `production` switches on strict checks of secrets and switches off sign-up and the documents. */
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  /** Address to listen on; 0.0.0.0 in production. */
  @IsString()
  HOST: string;

  /** Port to listen on; 0 takes a free one. */
  @Transform(whole)
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT = 3000;

  /** Where browsers reach this server, such as https://chat.example; http://localhost with PORT when not set. Its pages may always use the API. */
  @IsOrigin({ message: 'PUBLIC_URL must be an origin such as https://chat.example, as browsers send it' })
  PUBLIC_URL: string;

  /** Folder of the embedded database, of generated secrets, and of mails while there is no SMTP_URL. */
  @IsString()
  DATA_DIR = './data';

  /** PostgreSQL 15 or newer. Without it the server runs its own PostgreSQL in DATA_DIR. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL must start with postgres:// or postgresql://' })
  DATABASE_URL?: string;

  /** Database connections of this process, one of them the writer's own. Reads by key take one more. */
  @Transform(whole)
  @IsInt()
  @Min(2)
  @Max(1000)
  DATABASE_POOL = 20;

  /** Redis (redis:// or rediss://) by which several servers on one database hear of each other at once, and count tries to sign in together. */
  @IsOptional()
  @Matches(/^rediss?:\/\/[^/?#\s]+/, { message: 'REDIS_URL must start with redis:// or rediss:// and name a server' })
  REDIS_URL?: string;

  /** Signs access tokens; in production at least 32 random characters. Generated and kept in DATA_DIR when not set, except in production with a DATABASE_URL. */
  @IsOptional()
  @IsString()
  JWT_ACCESS_SECRET?: string;

  /** Life of an access token: a number and s, m, h or d. */
  @Matches(DURATION, { message: 'JWT_ACCESS_EXPIRES_IN must be a number and s, m, h or d' })
  JWT_ACCESS_EXPIRES_IN = '15m';

  /** How long an unused refresh token lives; a guest's lives for 30 days, no session longer than 60. */
  @Matches(DURATION, { message: 'REFRESH_EXPIRES_IN must be a number and s, m, h or d' })
  REFRESH_EXPIRES_IN = '14d';

  /** Cost of a password hash; below 10 only in tests. */
  @Transform(whole)
  @IsInt()
  @Min(4)
  @Max(15)
  BCRYPT_COST = 12;

  /** Further origins whose pages may use the API and the sockets. */
  @Transform(list)
  @AreOrigins('CORS_ORIGIN must be a list of origins such as https://shop.example, as browsers send them')
  CORS_ORIGIN: string[] = [];

  /** Whether anybody may found a business: open or closed; closed in production. */
  @IsIn(['open', 'closed'])
  SIGNUP: 'open' | 'closed';

  /** Proxies whose X-Forwarded-* headers count: a number of hops or a list of addresses; off trusts none. */
  @IsString()
  TRUST_PROXY = 'off';

  /** Multiplies every rate limit. When it is not set, loopback clients outside production get 1000. */
  @IsOptional()
  @Transform(decimal)
  @IsNumber()
  @Min(0.001)
  @Max(1_000_000)
  RATE_LIMIT_FACTOR?: number;

  /** Folder of uploaded files; `uploads` in DATA_DIR. Made at the start if it is not there. With S3_URL only files that are on their way are there. */
  @IsString()
  UPLOAD_DIR: string;

  /** The largest file that is taken, in bytes. */
  @Transform(whole)
  @IsInt()
  @Min(1)
  @Max(1_073_741_824)
  MAX_FILE_SIZE = 10_485_760;

  /** How much the files of one business may take together, in bytes. Without it only the disk sets a limit. */
  @IsOptional()
  @Transform(whole)
  @IsInt()
  @Min(1)
  UPLOAD_QUOTA?: number;

  /** Keeps files in an S3 bucket instead: https://key:secret@host/bucket?region=eu-central-1, behind the bucket a prefix if wanted. */
  @IsOptional()
  @Matches(/^https?:\/\/[^/\s]+\/[^/\s]+/, { message: 'S3_URL must start with http:// or https:// and name a server and a bucket' })
  S3_URL?: string;

  /** Sends mails, such as smtps://user:password@mail.example. Without it they are written to DATA_DIR/mailbox. */
  @IsOptional()
  @Matches(/^smtps?:\/\/[^/\s]+/, { message: 'SMTP_URL must start with smtp:// or smtps:// and name a server' })
  SMTP_URL?: string;

  /** Who mails come from: an address, or a name and an address in angle brackets; the host is that of PUBLIC_URL. */
  @Matches(SENDER, { message: 'MAIL_FROM must be an address such as Parley <chat@shop.example>' })
  MAIL_FROM: string;

  /** Where the model of the engine `openai` is: any server that speaks the protocol of OpenAI, such as http://localhost:11434/v1. */
  @IsOptional()
  @Matches(AI_URL, { message: 'AI_BASE_URL must be an http or https address without a password in it' })
  AI_BASE_URL?: string;

  /** The key of that server, if it wants one. */
  @IsOptional()
  @IsString()
  AI_API_KEY?: string;

  /** The model that answers there. */
  @IsOptional()
  @IsString()
  AI_MODEL?: string;

  /** How long the model may take to its first word, such as 20s; for a whole answer it has twice as long. 45s is the most. */
  @Matches(DURATION, { message: 'AI_TIMEOUT must be a duration such as 20s' })
  AI_TIMEOUT = '20s';

  /** Other such servers that businesses may choose, with their keys as passwords: https://:key@host/v1, separated by commas. */
  @Transform(list)
  @Matches(/^https?:\/\/[^\s]+$/, { each: true, message: 'AI_ALLOWED_URLS must hold http or https addresses' })
  AI_ALLOWED_URLS: string[] = [];

  /** Whether /docs, /docs/events, /openapi.json and /asyncapi.json are served: on or off; off in production. */
  @IsIn(['on', 'off'])
  DOCS: 'on' | 'off';

  /** What `GET /metrics` asks for as a bearer token; in production at least 32 random characters. Without it the figures are open outside production, and not there in it. */
  @IsOptional()
  @IsString()
  METRICS_TOKEN?: string;

  /** What is logged to standard error: trace, debug, info, warn, error, fatal or silent. */
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  LOG_LEVEL = 'info';

  /** Set by the command line, which is gone in a moment: nothing is done then but what it asks for. */
  isCommand = false;

  get isProduction(): boolean {
    return this.NODE_ENV === 'production';
  }

  get dataDir(): string {
    return resolve(this.DATA_DIR);
  }

  /** Where mails are written that no server sends. */
  get mailboxDir(): string {
    return resolve(this.DATA_DIR, 'mailbox');
  }

  /** Where uploaded files are. */
  get uploadDir(): string {
    return resolve(this.UPLOAD_DIR);
  }

  get accessTokenSeconds(): number {
    return durationSeconds(this.JWT_ACCESS_EXPIRES_IN);
  }

  get aiTimeoutSeconds(): number {
    return durationSeconds(this.AI_TIMEOUT);
  }

  get refreshSeconds(): number {
    return durationSeconds(this.REFRESH_EXPIRES_IN);
  }

  /** What Express takes as `trust proxy`. */
  get trustProxy(): boolean | number | string[] {
    if (this.TRUST_PROXY === 'off') return false;
    return /^\d+$/.test(this.TRUST_PROXY) ? Number(this.TRUST_PROXY) : this.TRUST_PROXY.split(',').map((a) => a.trim());
  }

  /** Takes the port that was found free in the place of 0. The default of PUBLIC_URL goes with it. */
  takePort(port: number): void {
    if (this.PUBLIC_URL === localUrl(this.PORT)) this.PUBLIC_URL = localUrl(port);
    this.PORT = port;
  }

  /** The factor for one client; see RATE_LIMIT_FACTOR. */
  rateLimitFactor(ip: string | null): number {
    if (this.RATE_LIMIT_FACTOR !== undefined) return this.RATE_LIMIT_FACTOR;
    return !this.isProduction && ip !== null && /^(::ffff:)?127\.|^::1$/.test(ip) ? 1000 : 1;
  }
}

/** The names of all settings, in the order of the class. */
export const SETTING_NAMES = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'DATA_DIR',
  'DATABASE_URL',
  'DATABASE_POOL',
  'REDIS_URL',
  'JWT_ACCESS_SECRET',
  'JWT_ACCESS_EXPIRES_IN',
  'REFRESH_EXPIRES_IN',
  'BCRYPT_COST',
  'CORS_ORIGIN',
  'SIGNUP',
  'TRUST_PROXY',
  'RATE_LIMIT_FACTOR',
  'UPLOAD_DIR',
  'MAX_FILE_SIZE',
  'UPLOAD_QUOTA',
  'S3_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'AI_BASE_URL',
  'AI_API_KEY',
  'AI_MODEL',
  'AI_TIMEOUT',
  'AI_ALLOWED_URLS',
  'DOCS',
  'METRICS_TOKEN',
  'LOG_LEVEL',
] as const;

/** Reads the settings from `source`, and says what is wrong with them. Empty values count as not set. */
export const checkEnv = (source: NodeJS.ProcessEnv): { env: Env; faults: string[] } => {
  const given = SETTING_NAMES.map((name) => [name, source[name]] as const).filter(([, value]) => value !== undefined && value !== '');
  const env = plainToInstance(Env, Object.fromEntries(given), { exposeDefaultValues: true });
  const { HOST, PUBLIC_URL, UPLOAD_DIR, SIGNUP, MAIL_FROM, DOCS } = env as Partial<Env>;
  env.HOST = HOST ?? (env.isProduction ? '0.0.0.0' : '127.0.0.1');
  env.PUBLIC_URL = PUBLIC_URL ?? localUrl(env.PORT);
  env.UPLOAD_DIR = UPLOAD_DIR ?? `${env.DATA_DIR}/uploads`;
  env.SIGNUP = SIGNUP ?? (env.isProduction ? 'closed' : 'open');
  env.MAIL_FROM = MAIL_FROM ?? `Parley <no-reply@${URL.canParse(env.PUBLIC_URL) ? new URL(env.PUBLIC_URL).hostname : 'localhost'}>`;
  env.DOCS = DOCS ?? (env.isProduction ? 'off' : 'on');
  const faults = validateSync(env).flatMap((error) => Object.values(error.constraints ?? {}));
  return { env, faults: [...faults, ...faultsOf(env)] };
};

/** @throws StartError that names every fault at once. */
export const readEnv = (source: NodeJS.ProcessEnv): Env => {
  const { env, faults } = checkEnv(source);
  if (faults.length > 0) throw new StartError(`The settings are not right: ${faults.join('; ')}.`);
  return env;
};

/** The settings of this process, with those of a `.env` file in the working folder where the environment has none. */
export const loadEnv = (): Env => readEnv(settingsOfProcess());

/** The environment, and under it what a `.env` file says. */
export const settingsOfProcess = (): NodeJS.ProcessEnv => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};
