import { MessageBatch, type LaneRow } from './message-batch.js';
import type { NewEntry } from './new-entry.js';

/** The id of a name of at most four letters, which stands at its beginning. */
const idOf = (name: string): string => `${Buffer.from(name.padEnd(4)).toString('hex')}-09af-4000-8000-0123456789AB`;
const REST_OF_IDS = '09af400080000123456789ab';

/** The items of an array in PostgreSQL's binary format, ids as their names. */
const read = (value: unknown): (string | null)[] => {
  const array = value as Buffer;
  const items: (string | null)[] = [];
  for (let at = 20; at < array.length;) {
    const length = array.readInt32BE(at);
    const item = array.subarray(at + 4, at + 4 + Math.max(0, length));
    at += 4 + item.length;
    const isId = array.readInt32BE(8) === 2950;
    if (isId && length !== -1) expect(item.toString('hex', 4)).toBe(REST_OF_IDS);
    items.push(length === -1 ? null : isId ? item.toString('utf8', 0, 4).trim() : item.toString());
  }
  const [dimensions, hasNull, , count, first] = [0, 4, 8, 12, 16].map((at) => array.readInt32BE(at));
  expect([dimensions, hasNull, count, first]).toEqual([1, Number(items.includes(null)), items.length, 1]);
  return items;
};

const text = (room: string, sender: string, stream: NewEntry['stream'], rest: Partial<NewEntry> = {}): NewEntry => ({
  ...{ id: idOf('i'), businessId: idOf('b'), roomId: idOf(room), senderId: idOf(sender), stream, kind: 'text' },
  ...{ clientMessageId: idOf('c'), fingerprint: 'f', body: 'hi' },
  ...rest,
});
const row = (public_seq: number, internal_seq: number, sender_name: string): LaneRow => ({
  ...{ public_seq, internal_seq, created_ms: 5, sender_role: 'agent', sender_name, sender_avatar_url: null },
});

describe('MessageBatch', () => {
  const batch = new MessageBatch([
    text('r2', 's1', 'public', { id: idOf('i1'), clientMessageId: idOf('c1'), fingerprint: 'f1', replyTo: idOf('i0') }),
    text('r1', 's2', 'public', { businessId: idOf('b2') }),
    text('r2', 's3', 'internal'),
    text('r2', 's1', 'internal'),
    text('r2', 's3', 'public', { wakes: true }),
    text('r1', 's1', 'public'),
    text('r2', 's1', 'public'),
  ]);

  it('counts rooms in the order of ids, lanes by room and sender, places by room and stream, and how far customers got', () => {
    expect(batch.statement.name).toBe('append_messages');
    const values = batch.statement.values;
    expect(values.map((value) => (typeof value === 'string' ? value : read(value)))).toEqual([
      ...[['r1', 'r2'], '{2,3}', '{0,2}'],
      ...['{2,1,2,1}', ['s1', 's2', 's3', 's1'], ['b', 'b2', 'b', 'b'], '{3,1,0,2}', '{2,0,1,0}'],
      ...['{1,2,3,1,3,4,1}', '{1,1,1,2,2,2,3}', '{f,f,t,t,f,f,f}'],
      ...[
        ['i1', ...Array<string>(6).fill('i')],
        ['c1', ...Array<string>(6).fill('c')],
        ['f1', ...Array<string>(6).fill('f')],
      ],
      ...[Array<string>(7).fill('hi'), ['i0', ...Array<null>(6).fill(null)], '{1,1}', '{0,2}'],
    ]);
  });

  it.each([
    ['internal notes leave it', ['n'], 0],
    ['staff answer it', ['c', 's'], 1],
    ['the customer asks', ['c', 'n', 'c'], 2],
    ['the customer asks again after an answer', ['c', 's', 'c', 'c'], 3],
  ])('the question of a room: %s', (_, said, expected) => {
    const entries = said.map((who) => text('r', who, who === 'n' ? 'internal' : 'public', who === 'c' ? { wakes: true } : {}));
    expect(new MessageBatch([...entries, text('q', 's', 'public')]).statement.values[16]).toBe(`{1,${expected}}`);
  });

  it('writes bodies that read back as they were', () => {
    const bodies = ['say "hi"', 'C:\\dir\\', '\\"', '{a,b}', 'NULL', ' two\nlines ', "it's", 'é 日本 👋', '', '日'.repeat(4_000)];
    expect(read(new MessageBatch(bodies.map((body) => text('r', 's', 'public', { body }))).statement.values[14])).toEqual(bodies);
  });

  it.each<[string, string, NewEntry['stream'], Partial<NewEntry>, boolean[]]>([
    ['staff write to the customer', 'append_staff_message', 'public', {}, [false]],
    ['staff write a note', 'append_staff_message', 'internal', {}, [true]],
    ['a customer writes', 'append_customer_message', 'public', { wakes: true }, []],
    // Which refuses it: it is for staff.
    ['a customer tries to write a note', 'append_staff_message', 'internal', { wakes: true }, [true]],
  ])('has a statement of its own for one message: %s', (_, expected, stream, rest, isInternal) => {
    const { name, values } = new MessageBatch([text('r', 's', stream, { replyTo: idOf('i0'), ...rest })]).statement;
    expect([name, values]).toEqual([expected, [...['r', 's', 'b', 'i', 'c'].map(idOf), 'f', 'hi', idOf('i0'), ...isInternal]]);
  });

  it('numbers each message from where its room stood, with the sender of its lane', () => {
    const verdicts = batch.verdicts([row(10, 20, 'A'), row(5, 0, 'B'), row(10, 20, 'C'), row(5, 0, 'D')]);
    expect(verdicts?.map(({ seq }) => seq)).toEqual([11, 6, 21, 22, 12, 7, 13]);
    expect(verdicts?.map(({ sender_name }) => sender_name).join('')).toBe('ABCACDA');
    const stored = { verdict: 'stored', created_ms: 5, sender_role: 'agent', sender_avatar_url: null, woke_seq: null };
    expect(verdicts?.[0]).toEqual({ ...stored, seq: 11, sender_name: 'A' });
  });

  it.each([0, 3, 5])('has no verdict on four lanes from %i rows', (rows) => {
    expect(batch.verdicts(Array.from({ length: rows }, () => row(0, 0, 'A')))).toBeUndefined();
  });

  it.each<[boolean, string, Partial<NewEntry>]>([
    [true, 'text of a person', {}],
    [true, 'text with an empty list of mentions', { mentions: [] }],
    [false, 'text with mentions', { mentions: ['u'] }],
    [false, 'text without a key', { clientMessageId: undefined }],
    [false, 'entry without a body', { body: undefined }],
    [false, 'image', { kind: 'image' }],
    [false, 'edit', { kind: 'edit' }],
  ])('takes: %s for a %s', (isTaken, _, rest) => expect(MessageBatch.takes(text('r', 's', 'public', rest))).toBe(isTaken));
});
