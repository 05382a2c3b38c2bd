import pg from 'pg';
import { parseMoment, TYPES } from './types.js';

const TIMESTAMPTZ = 1184;
const UUIDS = 2951;
type Parse = (text: string) => unknown;

const theDrivers = pg.types.getTypeParser as (oid: number) => Parse;
const ours = TYPES.getTypeParser as (oid: number) => Parse;

describe('what PostgreSQL writes', () => {
  it.each([
    ['2026-11-30 18:03:55.123+00', '2026-11-30T18:03:55.123Z'],
    ['2026-11-30 18:03:55.1+00', '2026-11-30T18:03:55.100Z'],
    ['2026-11-30 18:03:55.123456+00', '2026-11-30T18:03:55.123Z'],
    ['2026-02-28 23:59:59+00', '2026-02-28T23:59:59.000Z'],
    ['2024-02-29 01:30:00+02', '2024-02-28T23:30:00.000Z'],
    ['2026-11-30 18:03:55.5-03', '2026-11-30T21:03:55.500Z'],
    ['2026-11-30 18:03:55+05:30', '2026-11-30T12:33:55.000Z'],
    ['0099-01-01 00:00:00+00', '0099-01-01T00:00:00.000Z'],
    ['12026-01-01 00:00:00+00', '+012026-01-01T00:00:00.000Z'],
    ['0044-03-15 00:00:00+00 BC', '-000043-03-15T00:00:00.000Z'],
  ])('the moment %s', (text, expected) => {
    expect((parseMoment(text) as Date).toISOString()).toBe(expected);
    expect(parseMoment(text)).toEqual(theDrivers(TIMESTAMPTZ)(text));
  });

  it.each([
    ['infinity', Infinity],
    ['-infinity', -Infinity],
  ])('the moment %s', (text, expected) => expect(parseMoment(text)).toBe(expected));

  it.each(['{}', '{0aaf-1,0aaf-2}', '{NULL,"a,b","\\""}'])('the array %s', (text) => {
    expect(ours(UUIDS)(text)).toEqual(theDrivers(UUIDS)(text));
  });

  it('an empty array is nobody else’s', () => expect(ours(UUIDS)('{}')).not.toBe(ours(UUIDS)('{}')));

  it('the rest as the driver reads it', () => {
    expect(ours(TIMESTAMPTZ)).toBe(parseMoment);
    for (const oid of [16, 20, 23, 1082, 3802]) expect(ours(oid)).toBe(theDrivers(oid));
  });
});
