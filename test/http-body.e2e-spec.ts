import { gzipSync } from 'node:zlib';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildRoom, type Tenant } from './support/factories.js';
import { raw } from './support/raw.js';
import { rest } from './support/rest.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What this process, the server included, has spent, in milliseconds: other than the time, it knows nothing of other programs. */
const cpuSince = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};

describe('HTTP bodies', () => {
  let app: TestApp;
  let shop: Tenant;

  /** A guest's start with a body as it is. */
  const post = async (body: Buffer | string, headers: Record<string, string> = JSON_TYPE): Promise<{ status: number; code: string }> => {
    const { status, text } = await raw(
      app.url,
      'POST',
      '/api/auth/guest',
      { 'Content-Length': String(Buffer.byteLength(body)), ...headers },
      body,
    );
    return { status, code: (JSON.parse(text) as { code: string }).code };
  };
  const failed = { status: 400, code: 'validation.failed' };
  const unsupported = { status: 415, code: 'media.unsupported' };

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterAll(() => app.close());

  const good = (): string => JSON.stringify({ business: shop.slug });

  it('a good one is taken, also with a charset', async () => {
    expect((await post(good())).status).toBe(201);
    expect((await post(good(), { 'Content-Type': 'Application/JSON; charset=UTF-8' })).status).toBe(201);
    expect((await post(`\ufeff${good()}`)).status).toBeLessThan(500);
  });

  it.each(['', '{', 'null', '[]', '"x"', '7', 'true', '{"business":1e999}', '[{"business":"x"}]', '{"a":1,}', "{'a':1}", 'NaN', '{}{}'])(
    '%s is refused',
    async (body) => {
      expect(await post(body)).toEqual(failed);
    },
  );

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/problem+json',
    '',
    'text/plain; application/json',
  ])('A51 one of the type "%s" is refused', async (type) => {
    expect(await post(good(), type === '' ? {} : { 'Content-Type': type })).toEqual(unsupported);
  });

  it.each(['gzip', 'deflate', 'br', 'x-unknown'])('A51 one that is compressed by %s is refused', async (encoding) => {
    expect(await post(gzipSync('{"a":"' + 'x'.repeat(10_000_000) + '"}'), { ...JSON_TYPE, 'Content-Encoding': encoding })).toEqual(
      unsupported,
    );
  });

  it.each(['utf-16', 'iso-8859-1', 'utf-7', 'x'])('A51 one in the charset %s is refused', async (charset) => {
    const { status } = await post(Buffer.from(good(), 'utf16le'), { 'Content-Type': `application/json; charset=${charset}` });
    expect([400, 415]).toContain(status);
  });

  it('A47 one of more than 100 KB is refused, with and without a length', async () => {
    const large = { status: 413, code: 'payload.too_large' };
    const fits = JSON.stringify({ business: shop.slug, pad: '' });
    const pad = (length: number): string => fits.replace('""', `"${'x'.repeat(length - fits.length)}"`);
    expect(await post(pad(102_400))).toEqual(failed);
    expect(await post(pad(102_401))).toEqual(large);
    const { status } = await raw(app.url, 'POST', '/api/auth/guest', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }, pad(300_000));
    expect(status).toBe(413);
  });

  it.each([
    ['NUL', '{"business":"a\\u0000b"}'],
    ['NUL in a name', '{"business":"x","a\\u0000":1}'],
    ['a lone surrogate', '{"business":"\\ud800"}'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a lone surrogate in attributes', '{"business":"x","attributes":{"a":["\\ud83d"]}}'],
    ['__proto__', '{"business":"x","__proto__":{"polluted":true}}'],
    ['__proto__ in attributes', '{"business":"x","attributes":{"__proto__":{"polluted":true}}}'],
    ['constructor.prototype', '{"business":"x","context":{"constructor":{"prototype":{"polluted":true}}}}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
  ])('A44 A45 one with %s is refused', async (_, body) => {
    expect(await post(body)).toEqual(failed);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('A49 depth and numbers of keys stop nobody', async () => {
    const since = process.cpuUsage();
    expect((await post('['.repeat(100_000) + ']'.repeat(100_000))).status).toBe(413);
    expect(await post('['.repeat(51_000) + ']'.repeat(51_000))).toEqual(failed);
    expect(await post(`{"business":"x","attributes":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`)).toEqual(failed);
    expect(await post(`{"business":"x","attributes":{"a":${'['.repeat(25)}${']'.repeat(25)}}}`)).toEqual(failed);
    expect(await post(`{${Array.from({ length: 10_000 }, (_, i) => `"${i}":1`).join()}}`)).toEqual(failed);
    expect(cpuSince(since)).toBeLessThan(2_000);
  });

  it('A50 50 KB of one character stop nobody', async () => {
    for (const fill of ['a', '@', '.', '-', ' ', '/', '\\\\', '0', 'a@', 'a.']) {
      const text = fill.repeat(50_000 / fill.length);
      const since = process.cpuUsage();
      for (const field of ['business', 'name', 'email']) {
        expect((await post(JSON.stringify({ business: 'x', [field]: text }))).status).toBeLessThan(500);
      }
      const spent = cpuSince(since);
      expect([fill, spent < 500, spent]).toEqual([fill, true, spent]);
    }
  });

  it('one where none belongs is refused', async () => {
    const { room } = await buildRoom(app.url, shop);
    for (const path of ['/api/auth/logout', `/api/rooms/${room.id}/claim`]) {
      for (const body of [{ force: true }, [1], 'x{']) {
        expect((await rest(app.url, 'POST', path, { token: shop.admin.token, body })).body).toMatchObject(failed);
      }
    }
    expect((await rest(app.url, 'DELETE', `/api/rooms/${room.id}`, { token: shop.admin.token, body: { force: true } })).body).toMatchObject(
      failed,
    );
    expect((await rest(app.url, 'GET', `/api/rooms/${room.id}`, { token: shop.admin.token })).body).toMatchObject({
      status: 'open',
      assignee: null,
    });
    expect((await rest(app.url, 'POST', `/api/rooms/${room.id}/claim`, { token: shop.admin.token, body: {} })).status).toBe(200);
  });
});
