import { readEnv } from './env.js';
import { StartError } from './start-error.js';

const SECRET = 'f3b1c6a09e8d4725b6c0d1e2f3948a7b5c6d7e8f';
const PRODUCTION = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/parley', JWT_ACCESS_SECRET: SECRET };

const faultOf = (source: Record<string, string>): string => {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return '';
};

describe('the settings', () => {
  it('have defaults', () => {
    expect({ ...readEnv({}) }).toEqual({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 3000,
      PUBLIC_URL: 'http://localhost:3000',
      DATA_DIR: './data',
      DATABASE_POOL: 20,
      JWT_ACCESS_EXPIRES_IN: '15m',
      REFRESH_EXPIRES_IN: '14d',
      UPLOAD_DIR: './data/uploads',
      MAX_FILE_SIZE: 10_485_760,
      BCRYPT_COST: 12,
      CORS_ORIGIN: [],
      SIGNUP: 'open',
      TRUST_PROXY: 'off',
      MAIL_FROM: 'Parley <no-reply@localhost>',
      AI_TIMEOUT: '20s',
      AI_ALLOWED_URLS: [],
      DOCS: 'on',
      LOG_LEVEL: 'info',
      isCommand: false,
    });
  });

  it('have stricter defaults in production', () => {
    expect(readEnv(PRODUCTION)).toMatchObject({ HOST: '0.0.0.0', SIGNUP: 'closed', DOCS: 'off', isProduction: true });
    expect(readEnv({ ...PRODUCTION, HOST: '::1', SIGNUP: 'open', DOCS: 'on' })).toMatchObject({ HOST: '::1', SIGNUP: 'open', DOCS: 'on' });
  });

  it('count as not set when empty, and what is no setting is not read', () => {
    expect(readEnv({ PORT: '', DATABASE_URL: '', JWT_ACCESS_SECRET: '', PATH: '/bin' })).toEqual(readEnv({}));
  });

  it('make the public address of the port', () => {
    expect(readEnv({ PORT: '8080' }).PUBLIC_URL).toBe('http://localhost:8080');
    expect(readEnv({ PORT: '8080', PUBLIC_URL: 'https://chat.example' }).PUBLIC_URL).toBe('https://chat.example');
    // Browsers do not say the port that the scheme has anyway.
    expect(readEnv({ PORT: '80' }).PUBLIC_URL).toBe('http://localhost');
    expect(faultOf({ PORT: '70000' })).not.toContain('PUBLIC_URL');
  });

  it('make it of the port that was found free, where any may be taken', () => {
    const env = readEnv({ PORT: '0' });
    env.takePort(49_152);
    expect([env.PORT, env.PUBLIC_URL]).toEqual([49_152, 'http://localhost:49152']);
    const told = readEnv({ PORT: '0', PUBLIC_URL: 'https://chat.example' });
    told.takePort(49_152);
    expect([told.PORT, told.PUBLIC_URL]).toEqual([49_152, 'https://chat.example']);
  });

  it('take a Redis with and without TLS, name and password', () => {
    for (const REDIS_URL of ['redis://localhost', 'redis://:p%40ss@127.0.0.1:6379/2', 'rediss://parley:word@[::1]:6380'])
      expect(readEnv({ REDIS_URL }).REDIS_URL).toBe(REDIS_URL);
    expect(faultOf({ REDIS_URL: 'redis://:hidden/word@cache.example' })).not.toContain('hidden');
  });

  it('let a model take 45 seconds to its first word, and no more', () => {
    expect(readEnv({ AI_TIMEOUT: '45s' }).aiTimeoutSeconds).toBe(45);
    expect(faultOf({ AI_TIMEOUT: '46s' })).toBe('The settings are not right: AI_TIMEOUT must be 45s or less.');
  });

  it('send mails from the host of the public address, or from whom they name', () => {
    expect(readEnv({ PUBLIC_URL: 'https://chat.example:8443' }).MAIL_FROM).toBe('Parley <no-reply@chat.example>');
    for (const MAIL_FROM of ['chat@shop.example', '<chat@shop.example>', 'The Shop <chat@shop.example>']) {
      expect(readEnv({ MAIL_FROM }).MAIL_FROM).toBe(MAIL_FROM);
    }
    for (const SMTP_URL of ['smtp://127.0.0.1:2525', 'smtps://user%40x:p%23w@mail.example'])
      expect(readEnv({ SMTP_URL }).SMTP_URL).toBe(SMTP_URL);
  });

  it('name every fault at once', () => {
    const wrong = {
      NODE_ENV: 'prod',
      PORT: '70000',
      PUBLIC_URL: 'https://chat.example/path',
      DATABASE_URL: 'mysql://db',
      DATABASE_POOL: '1',
      JWT_ACCESS_EXPIRES_IN: '15',
      REFRESH_EXPIRES_IN: '0d',
      BCRYPT_COST: 'high',
      CORS_ORIGIN: 'https://a.example,*',
      SIGNUP: 'maybe',
      TRUST_PROXY: 'everybody',
      RATE_LIMIT_FACTOR: '-1',
      SMTP_URL: 'mail.example',
      MAIL_FROM: 'Parley',
      LOG_LEVEL: 'loud',
    };
    const fault = faultOf(wrong);
    for (const name of Object.keys(wrong)) expect(fault).toContain(name);
    expect(fault).not.toContain('\n');
  });

  it.each([
    ['PORT', '3000.5'],
    ['PORT', '0x50'],
    ['PORT', '-1'],
    ['BCRYPT_COST', '3'],
    ['BCRYPT_COST', '16'],
    ['CORS_ORIGIN', '*'],
    ['CORS_ORIGIN', 'shop.example'],
    ['CORS_ORIGIN', 'https://shop.example/'],
    ['CORS_ORIGIN', 'https://Shop.example'],
    ['CORS_ORIGIN', 'https://shop.example:443'],
    ['CORS_ORIGIN', 'https://a.example,https://user:word@b.example'],
    ['PUBLIC_URL', 'ftp://chat.example'],
    ['PUBLIC_URL', 'https://chat.example/'],
    ['PUBLIC_URL', 'https://chat.example?x'],
    ['PUBLIC_URL', 'https://chat.example#x'],
    ['PUBLIC_URL', 'https://user:word@chat.example'],
    ['PUBLIC_URL', 'https://chat.example:443'],
    ['PUBLIC_URL', 'https://chat.example:99999'],
    ['PUBLIC_URL', 'http://0:3000'],
    ['REDIS_URL', 'cache.example:6379'],
    ['REDIS_URL', 'http://cache.example'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis:///0'],
    ['REDIS_URL', 'redis://:word@'],
    ['REDIS_URL', 'redis://:6379'],
    ['REDIS_URL', 'redis://cache.example:99999'],
    ['REDIS_URL', 'redis://:a/b@cache.example'],
    ['AI_TIMEOUT', '1m'],
    ['AI_TIMEOUT', '20'],
    ['JWT_ACCESS_EXPIRES_IN', '1w'],
    ['RATE_LIMIT_FACTOR', '1e9'],
    ['SMTP_URL', 'smtp://'],
    ['SMTP_URL', 'smtp://user:a#b@mail.example'],
    ['SMTP_URL', 'https://mail.example'],
    ['MAIL_FROM', 'a@b.example, c@d.example <e@f.example>, g@h.example'],
    ['MAIL_FROM', 'Shop\r\nBcc: x@y.example <a@b.example>'],
    ['MAIL_FROM', '<a@b.example'],
  ])('refuse %s=%s', (name, value) => {
    expect(faultOf({ [name]: value })).toContain(name);
  });

  it('read lists', () => {
    expect(readEnv({ CORS_ORIGIN: 'https://a.example, http://b_c:8080 ,' }).CORS_ORIGIN).toEqual(['https://a.example', 'http://b_c:8080']);
  });

  it('read durations', () => {
    const env = readEnv({ JWT_ACCESS_EXPIRES_IN: '90s', REFRESH_EXPIRES_IN: '2h' });
    expect([env.accessTokenSeconds, env.refreshSeconds]).toEqual([90, 7200]);
    expect(readEnv({}).accessTokenSeconds).toBe(900);
    expect(readEnv({}).refreshSeconds).toBe(1_209_600);
  });

  it('trust no proxy, a number of hops, or a list of addresses', () => {
    expect(readEnv({}).trustProxy).toBe(false);
    expect(readEnv({ TRUST_PROXY: 'off' }).trustProxy).toBe(false);
    expect(readEnv({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(readEnv({ TRUST_PROXY: '10.0.0.1, 192.168.0.0/16,loopback' }).trustProxy).toEqual(['10.0.0.1', '192.168.0.0/16', 'loopback']);
    for (const TRUST_PROXY of ['true', '10.0.0.1/99', '-1']) expect(faultOf({ TRUST_PROXY })).toContain('TRUST_PROXY');
  });

  it('multiply the limits: as set, else by 1000 for loopback outside production', () => {
    const clients = ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '1.127.0.0', null];
    const factors = (source: Record<string, string>): number[] => clients.map((ip) => readEnv(source).rateLimitFactor(ip));
    expect(factors({})).toEqual([1000, 1000, 1000, 1, 1, 1]);
    expect(factors(PRODUCTION)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(factors({ RATE_LIMIT_FACTOR: '0.5' })).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(factors({ ...PRODUCTION, RATE_LIMIT_FACTOR: '2' })).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('A101 have no secret by default in production', () => {
    expect(faultOf({ ...PRODUCTION, JWT_ACCESS_SECRET: '' })).toContain('JWT_ACCESS_SECRET is missing');
    // The embedded database comes with a folder to keep a generated one in.
    expect(readEnv({ NODE_ENV: 'production' }).JWT_ACCESS_SECRET).toBeUndefined();
  });

  it.each([
    'changeme',
    'jwt-secret',
    'x'.repeat(40),
    'abababababababababababababababababababab',
    `my-secret-${SECRET}`,
    SECRET.slice(0, 31),
  ])('A101 refuse the secret %s in production, and do not repeat it', (JWT_ACCESS_SECRET) => {
    expect(faultOf({ ...PRODUCTION, JWT_ACCESS_SECRET })).toMatch(/JWT_ACCESS_SECRET is (shorter|easy to guess)/);
    expect(faultOf({ ...PRODUCTION, JWT_ACCESS_SECRET })).not.toContain(JWT_ACCESS_SECRET);
  });

  it('allow cheap password hashes outside production only', () => {
    expect(readEnv({ NODE_ENV: 'test', BCRYPT_COST: '4' }).BCRYPT_COST).toBe(4);
    expect(faultOf({ ...PRODUCTION, BCRYPT_COST: '9' })).toContain('BCRYPT_COST is below 10');
  });
});
