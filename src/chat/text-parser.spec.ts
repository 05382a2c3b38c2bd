import { Encoder, PacketType, type Packet } from 'socket.io-parser';
import type { Message } from '../contract/message.js';
import { newId } from '../database/new-id.js';
import { freshMessage } from '../stream/new-entry.js';
import { textParser } from './text-parser.js';

const { EVENT, ACK, CONNECT, CONNECT_ERROR, DISCONNECT } = PacketType;
const expected = (packet: Packet): unknown[] => new Encoder().encode(packet);
const written = (packet: Packet): unknown[] => new textParser.Encoder().encode(packet);

const body = 'a "quote", \\, \u2028, é 👋';
const entry = (): object => ({ id: 'm', seq: 1, body, replyTo: null, editedAt: undefined, createdAt: new Date(0) });
const event = (...data: unknown[]): Packet => ({ type: EVENT, nsp: '/', data });
const ack = (id: number, ...data: unknown[]): Packet => ({ type: ACK, nsp: '/', id, data });

describe('the text parser', () => {
  it.each<[string, () => Packet]>([
    ['an event', () => event('room.updated', { id: 'r', subject: body })],
    ['an event that wants an ack', () => ({ ...event('ping', {}), id: 12 })],
    ['an event without a payload', () => event('ping')],
    ['an event of several arguments', () => event('ping', 1, null, undefined, body)],
    ['an entry', () => event('message.created', entry())],
    ['an entry that wants an ack, of number 0', () => ({ ...event('message.created', entry()), id: 0 })],
    ['an ack', () => ack(7, { ok: true, data: entry() })],
    ['the ack of number 0', () => ack(0, { ok: true, data: { items: [entry()] } })],
    ['an ack of nothing', () => ack(1, { ok: true, data: undefined })],
    ['an ack of null', () => ack(1, { ok: true, data: null })],
    ['an ack of an error', () => ack(3, { ok: false, error: { code: 'access.denied', message: body, retryable: false } })],
    ['a connection', () => ({ type: CONNECT, nsp: '/', data: { sid: 's' } })],
    ['a refused connection', () => ({ type: CONNECT_ERROR, nsp: '/', data: { message: 'no', data: { code: 'auth.required' } } })],
    ['an event of nothing', () => ({ type: EVENT, nsp: '/' })],
    ['a disconnection', () => ({ type: DISCONNECT, nsp: '/' })],
    ['an entry in another namespace', () => ({ ...event('message.created', entry()), nsp: '/other' })],
  ])("writes %s as Socket.IO's own does", (_, packet) => {
    expect(written(packet())).toEqual(expected(packet()));
  });

  const stored = (entry: object = {}): Message =>
    freshMessage(
      { id: newId(), businessId: newId(), roomId: newId(), stream: 'public', kind: 'text', senderId: newId(), body, ...entry },
      { seq: 3, created_ms: 1e12, sender_role: 'guest', sender_name: body, sender_avatar_url: null },
    );

  it.each<[string, () => Message]>([
    ['a text', () => stored({ clientMessageId: newId() })],
    ['a text that answers another', () => stored({ clientMessageId: newId(), replyTo: newId() })],
    ['an internal text', () => stored({ stream: 'internal' })],
    ['a text of nobody', () => stored({ senderId: null })],
    ['a text that mentions somebody', () => stored({ mentions: [newId()] })],
    ['an activity', () => stored({ kind: 'activity' })],
    ['an edited text', () => ({ ...stored(), editedAt: new Date(0).toISOString() })],
  ])('leaves nothing of %s out', (_, message) => {
    const sent = message();
    const [told] = written(event('message.created', sent)) as [string];
    expect(JSON.parse(told.slice(1))).toEqual(['message.created', JSON.parse(JSON.stringify(sent))]);
  });

  it.each([1, 2])('turns an entry into JSON once for its event and its ack, by %i encoder(s)', (encoders) => {
    const toJSON = jest.fn(() => entry());
    const sent = { toJSON };
    const first = new textParser.Encoder();
    const second = encoders === 1 ? first : new textParser.Encoder();
    const told = first.encode(event('message.created', sent));
    const answered = second.encode(ack(5, { ok: true, data: sent }));
    expect(toJSON).toHaveBeenCalledTimes(1);
    expect(told).toEqual(expected(event('message.created', entry())));
    expect(answered).toEqual(expected(ack(5, { ok: true, data: entry() })));
  });

  it('tells an entry that changed since as it is now, and adds nothing to it that shows', () => {
    const sent = { id: 'm', body: 'first' };
    written(event('message.created', sent));
    sent.body = 'second';
    expect(written(event('message.created', sent))).toEqual(expected(event('message.created', { id: 'm', body: 'second' })));
    expect(Object.keys(sent)).toEqual(['id', 'body']);
  });
});
