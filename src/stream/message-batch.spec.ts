import pg from 'pg';
import { MessageBatch, type LaneRow } from './message-batch.js';
import type { NewEntry } from './new-entry.js';

const TEXT_ARRAY = 1009;
const parse = (pg.types.getTypeParser as (oid: number) => (text: string) => (string | null)[])(TEXT_ARRAY);

const text = (roomId: string, senderId: string, stream: NewEntry['stream'], rest: Partial<NewEntry> = {}): NewEntry => ({
  ...{ id: 'i', businessId: 'b', roomId, senderId, stream, kind: 'text', clientMessageId: 'c', fingerprint: 'f', body: 'hi' },
  ...rest,
});
const row = (public_seq: number, internal_seq: number, sender_name: string): LaneRow => ({
  ...{ public_seq, internal_seq, created_ms: 5, sender_role: 'agent', sender_name, sender_avatar_url: null },
});

describe('MessageBatch', () => {
  const batch = new MessageBatch([
    text('r2', 's1', 'public', { id: 'i1', clientMessageId: 'c1', fingerprint: 'f1', replyTo: 'i0' }),
    text('r1', 's2', 'public', { businessId: 'b2' }),
    text('r2', 's3', 'internal'),
    text('r2', 's1', 'internal'),
    text('r2', 's3', 'public'),
    text('r1', 's1', 'public'),
    text('r2', 's1', 'public'),
  ]);

  it('counts rooms in the order of ids, lanes by room and sender, places by room and stream', () => {
    expect(batch.query.name).toBe('append_messages');
    expect(batch.query.values).toEqual([
      ...['{r1,r2}', '{2,3}', '{0,2}'],
      ...['{2,1,2,1}', '{s1,s2,s3,s1}', '{b,b2,b,b}', '{3,1,2,2}', '{2,0,1,0}'],
      ...['{1,2,3,1,3,4,1}', '{1,1,1,2,2,2,3}', '{f,f,t,t,f,f,f}'],
      ...['{i1,i,i,i,i,i,i}', '{c1,c,c,c,c,c,c}', '{f1,f,f,f,f,f,f}'],
      ...['{"hi","hi","hi","hi","hi","hi","hi"}', '{i0,NULL,NULL,NULL,NULL,NULL,NULL}', '{1,1}'],
    ]);
  });

  it.each([
    ['internal notes leave it', ['n'], 0],
    ['staff answer it', ['c', 's'], 1],
    ['the customer asks', ['c', 'n', 'c'], 2],
    ['the customer asks again after an answer', ['c', 's', 'c', 'c'], 3],
  ])('the question of a room: %s', (_, said, expected) => {
    const entries = said.map((who) => text('r', who, who === 'n' ? 'internal' : 'public', who === 'c' ? { wakes: true } : {}));
    expect(new MessageBatch([...entries, text('q', 's', 'public')]).query.values?.at(-1)).toBe(`{1,${expected}}`);
  });

  it('writes bodies that read back as they were', () => {
    const bodies = ['say "hi"', 'C:\\dir\\', '\\"', '{a,b}', 'NULL', ' two\nlines ', "it's", 'é 日本 👋', ''];
    const written = new MessageBatch(bodies.map((body) => text('r', 's', 'public', { body }))).query.values?.[14] as string;
    expect(parse(written)).toEqual(bodies);
    expect(written).toContain('{"say \\"hi\\"","C:\\\\dir\\\\","\\\\\\"","{a,b}","NULL"');
  });

  it('has a statement of its own for one message', () => {
    const { name, values } = new MessageBatch([text('r', 's', 'internal', { replyTo: 'i0' })]).query;
    expect([name, values]).toEqual(['append_message', ['r', 's', 'b', true, 'i', 'c', 'f', 'hi', 'i0']]);
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
