import pg, { type CustomTypesConfig } from 'pg';

type Parser = (text: string) => unknown;

const TIMESTAMPTZ = 1184;
/** Of `text[]` and `uuid[]`. */
const ARRAYS = [1009, 2951];

/** By the type's oid: its types know those of `pg_type` alone that have a name in the driver. */
const driversParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parser;
const parseAnyMoment = driversParser(TIMESTAMPTZ) as (text: string) => Date | number | null;

/**
 * A moment as PostgreSQL writes it. What looks like `2026-11-30 18:03:55.123+00` Node reads in half the driver's time, and a connection
 * reads a dozen; the rest (before or long after our era, infinity, a zone with minutes) is the driver's.
 */
export const parseMoment = (text: string): Date | number | null => {
  const sign = text[text.length - 3];
  const isPlain = text[4] === '-' && text[10] === ' ' && (sign === '+' || sign === '-');
  return isPlain ? new Date(`${text.slice(0, 10)}T${text.slice(11)}:00`) : parseAnyMoment(text);
};

const parsers = new Map<number, Parser>([[TIMESTAMPTZ, parseMoment]]);
for (const oid of ARRAYS) {
  const parseAny = driversParser(oid);
  // Nearly always empty, for which the driver makes a parser each time.
  parsers.set(oid, (text) => (text === '{}' ? [] : parseAny(text)));
}

/** For a connection's `types`: the driver's parsers, but for what is read most. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number, format: 'text' | 'binary' = 'text'): unknown =>
    (format === 'text' ? parsers.get(oid) : undefined) ?? driversParser(oid, format),
};
