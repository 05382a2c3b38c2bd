import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ERRORS, type ErrorCode } from '../src/contract/error-code.js';
import { Documents, type Place } from './support/documents.js';
import type { Told } from './support/traffic.js';

const COVERAGE_FILE = 'docs/coverage.md';

/** Refusals by what stands before every operation: each must be seen at each door, but not at each operation. */
const GENERAL: ErrorCode[] = [
  'auth.invalid_credentials',
  'auth.token_expired',
  'auth.session_ended',
  'auth.second_factor_required',
  'origin.denied',
  'payload.too_large',
  'media.unsupported',
  'rate.limited',
  'internal',
  'unavailable',
];

/** Suites that `npm test` leaves out, and that are judged where they have run before. */
const LONG = (process.env.LONG_SUITES as string).split(',').map((name) => `${basename(name)}.e2e-spec.ts`);

const SUITES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => basename(file))
  .filter((file) => file.endsWith('.e2e-spec.ts') && file !== basename(__filename))
  .sort();

const read = (file: string): any => JSON.parse(readFileSync(file, 'utf8'));

const recordOf = (suite: string): string => join(process.env.TRAFFIC_DIR as string, `${suite}.jsonl`);

const toldIn = (suite: string): Told[] =>
  readFileSync(recordOf(suite), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);

const listed = (names: string[]): string => names.map((name) => `\`${name}\``).join(' ');

describe('what clients were told in this run', () => {
  const documents = new Documents(read('docs/openapi.json'), read('docs/asyncapi.json'));
  const faults = new Map<string, { count: number; suites: Set<string>; example: string }>();
  /** By place and by door: the good ends and the codes that were seen there, and were what the documents say. */
  const seen = new Map<string, Set<string>>();

  const wasSeen = (where: string, what: string): boolean => seen.get(where)?.has(what) ?? false;
  const requiredOf = ({ ends, codes }: Place): string[] => [...ends, ...codes.filter((code) => !GENERAL.includes(code))];
  const note = (where: string, what: string | undefined): void => {
    if (what !== undefined) seen.set(where, (seen.get(where) ?? new Set()).add(what));
  };

  const judge = (suite: string, told: Told): void => {
    const verdict = documents.judge(told);
    if (!verdict) return;
    const { place, end, code, fault } = verdict;
    if (fault === undefined) {
      for (const where of [place, told.door]) for (const what of [end, code]) note(where, what);
      return;
    }
    const key = [place, end, code, fault].filter(Boolean).join(' · ');
    const known = faults.get(key) ?? { count: 0, suites: new Set(), example: JSON.stringify(told).slice(0, 400) };
    known.suites.add(suite);
    faults.set(key, { ...known, count: known.count + 1 });
  };

  const missing = SUITES.filter((suite) => !LONG.includes(suite) && !existsSync(recordOf(suite)));
  if (missing.length > 0) {
    throw new Error(`Nothing was recorded of ${missing.join(', ')}. This test judges what the other suites were told: run \`npm test\`.`);
  }
  for (const suite of SUITES.filter((one) => existsSync(recordOf(one)))) for (const told of toldIn(suite)) judge(suite, told);

  it('is what the documents say, to the field', () => {
    const lines = [...faults].map(([key, { count, suites, example }]) => `${key}\n  ×${count} in ${[...suites].join(', ')}: ${example}`);
    expect(lines.sort()).toEqual([]);
  });

  it('is all that the documents promise', () => {
    const places = [...documents.places];
    const unseen = places.flatMap(([name, place]) =>
      requiredOf(place)
        .filter((what) => !wasSeen(name, what))
        .map((what) => `${name} · ${what}`),
    );
    const general = places.flatMap(([, { door, codes }]) =>
      codes.filter((code) => GENERAL.includes(code) && !wasSeen(door, code)).map((code) => `any ${door} · ${code}`),
    );
    expect([...unseen, ...new Set(general)]).toEqual([]);
  });

  it('has every error code in it', () => {
    const told = new Set([...seen.values()].flatMap((found) => [...found]));
    expect(Object.keys(ERRORS).filter((code) => !told.has(code))).toEqual([]);
  });

  it(`is listed in ${COVERAGE_FILE}`, () => {
    const rows = [...documents.places].map(
      ([name, place]) => `| \`${name}\` | ${listed(requiredOf(place).filter((what) => wasSeen(name, what)))} |`,
    );
    const doors = ['http', 'ack', 'handshake'].map((door) => `| ${door} | ${listed(GENERAL.filter((code) => wasSeen(door, code)))} |`);
    const page = `# What the tests have seen

Each of these answers was given to a client in the tests, and was what the documents say. \`COVERAGE=write npm test\` writes
this page; \`npm test\` fails when it is stale.

| Operation, command or event | Seen |
| --- | --- |
${rows.join('\n')}

Refusals that stand before all of them:

| Door | Seen |
| --- | --- |
${doors.join('\n')}
`;
    if (process.env.COVERAGE === 'write') writeFileSync(COVERAGE_FILE, page);
    expect(readFileSync(COVERAGE_FILE, 'utf8')).toBe(page);
  });
});

describe('a judge by the documents', () => {
  const openapi = read('docs/openapi.json');
  const documents = new Documents(openapi, read('docs/asyncapi.json'));

  const REQUEST_ID = '01900000-0000-7000-8000-000000000000';
  const tokens = { accessToken: 'a.b.c', refreshToken: 'x', tokenType: 'Bearer', expiresIn: 900 };
  const error = { code: 'room.not_found', message: 'There is no such room', retryable: false, requestId: REQUEST_ID };
  const mark = { roomId: REQUEST_ID, stream: 'public', userId: REQUEST_ID, deliveredSeq: 1, readSeq: 1 };
  const problem = {
    type: 'urn:parley:error:auth.token_reused',
    title: 'The refresh token was used before',
    status: 401,
    detail: 'The refresh token was used before',
    code: 'auth.token_reused',
    retryable: false,
    requestId: REQUEST_ID,
  };

  const refreshed = (body: unknown, status = 200, type = 'application/json; charset=utf-8', method = 'POST'): Told => ({
    door: 'http',
    method,
    path: '/api/auth/refresh',
    status,
    type,
    body,
  });
  const refused = (body: unknown, status = 401): Told => refreshed(body, status, 'application/problem+json; charset=utf-8');
  const acked = (answer: unknown, command = 'room.get'): Told => ({ door: 'ack', command, answer });
  const told = (payload: unknown, event = 'room.marked'): Told => ({ door: 'event', event, payload });

  it.each<[string, Told]>([
    ['an answer', refreshed(tokens)],
    ['a refusal', refused(problem)],
    ['an ack', acked({ ok: false, error })],
    ['an event', told(mark)],
    ['a refused handshake', { door: 'handshake', error: { ...error, code: 'auth.required' } }],
  ])('takes %s as it is documented', (_, good) => {
    expect(documents.judge(good)?.fault).toBeUndefined();
  });

  it.each<[string, Told]>([
    ['a field too many', refreshed({ ...tokens, scope: 'all' })],
    ['a field too few', refreshed({ ...tokens, expiresIn: undefined })],
    ['a wrong type', refreshed({ ...tokens, expiresIn: '900' })],
    ['a wrong enum', refreshed({ ...tokens, tokenType: 'bearer' })],
    ['no body', refreshed(null)],
    ['a status that is not documented', refreshed(tokens, 201)],
    ['a content type that is not documented', refreshed(tokens, 200, 'text/html')],
    ['a method that is not documented', refreshed(tokens, 200, undefined, 'PUT')],
    ['a code that is not documented there', refused({ ...problem, code: 'room.closed' })],
    ['a code of another status', refused({ ...problem, status: 403 }, 403)],
    ['a problem with a field too many', refused({ ...problem, stack: 'Error' })],
    ['a problem that is no problem document', refreshed(problem, 401)],
    ['an unknown route that answers', { door: 'http', method: 'GET', path: '/api/nothing', status: 200, type: null, body: null }],
    ['an ack of neither kind', acked({ ok: true })],
    ['an ack of both kinds', acked({ ok: false, error, data: {} })],
    ['an ack with an id that is none', acked({ ok: false, error: { ...error, requestId: '7' } })],
    ['an ack with a code that is not documented there', acked({ ok: false, error: { ...error, code: 'room.closed' } })],
    ['an ack of a command that is not documented', acked({ ok: true, data: {} }, 'room.destroy')],
    ['an event with a field too many', told({ ...mark, internal: true })],
    ['an event with a wrong number', told({ ...mark, readSeq: -1 })],
    ['an event that is not documented', told(mark, 'room.destroyed')],
    ['a handshake refused with a code that is not documented', { door: 'handshake', error }],
  ])('refuses %s', (_, bad) => {
    expect(documents.judge(JSON.parse(JSON.stringify(bad)) as Told)?.fault).toEqual(expect.any(String));
  });

  it('knows every operation of the documents', () => {
    expect(documents.places.has('POST /api/auth/refresh')).toBe(true);
    expect(documents.places.size).toBeGreaterThan(Object.keys(openapi.paths).length);
  });
});
