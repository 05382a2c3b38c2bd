/**
 * Arrays in PostgreSQL's binary format, as which the driver sends a Buffer. PostgreSQL reads them in a third of the time: a text
 * it takes character by character. None of them may be empty.
 */

/** The number of dimensions, whether an item is null, the type, how many there are, and the number of the first. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** Of an item that is null. */
const NO_LENGTH = -1;
const UUID_BYTES = 16;
/** Of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

/** Of `pg_type`. */
const OID = { text: 25, uuid: 2950 };

const writeHeader = (array: Buffer, oid: number, count: number, hasNull: boolean): void => {
  array.writeInt32BE(1, 0);
  array.writeInt32BE(hasNull ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
};

/** What a hexadecimal digit is worth, by its character code. */
const DIGITS = new Uint8Array(128);
for (const [worth, digit] of [...'0123456789abcdef'].entries()) {
  DIGITS[digit.charCodeAt(0)] = worth;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = worth;
}
const HYPHEN = '-'.charCodeAt(0);

const writeUuid = (array: Buffer, uuid: string, at: number): void => {
  let place = at;
  for (let index = 0; index < uuid.length; index += 2) {
    if (uuid.charCodeAt(index) === HYPHEN) index++;
    array[place++] = ((DIGITS[uuid.charCodeAt(index)] as number) << 4) | (DIGITS[uuid.charCodeAt(index + 1)] as number);
  }
};

/** Of UUIDs with their hyphens; undefined is null. */
export const uuidArray = (uuids: readonly (string | undefined)[]): Buffer => {
  const array = Buffer.allocUnsafe(HEADER_BYTES + uuids.length * (LENGTH_BYTES + UUID_BYTES));
  let at = HEADER_BYTES;
  let hasNull = false;
  for (const uuid of uuids) {
    array.writeInt32BE(uuid === undefined ? NO_LENGTH : UUID_BYTES, at);
    at += LENGTH_BYTES;
    if (uuid === undefined) {
      hasNull = true;
      continue;
    }
    writeUuid(array, uuid, at);
    at += UUID_BYTES;
  }
  writeHeader(array, OID.uuid, uuids.length, hasNull);
  return array.subarray(0, at);
};

export const textArray = (texts: readonly string[]): Buffer => {
  let most = HEADER_BYTES;
  for (const text of texts) most += LENGTH_BYTES + text.length * MOST_BYTES;
  const array = Buffer.allocUnsafe(most);
  let at = HEADER_BYTES;
  for (const text of texts) {
    const bytes = array.write(text, at + LENGTH_BYTES);
    array.writeInt32BE(bytes, at);
    at += LENGTH_BYTES + bytes;
  }
  writeHeader(array, OID.text, texts.length, false);
  return array.subarray(0, at);
};
