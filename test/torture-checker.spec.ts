import type { Message, Stream, WrittenEntry } from '../src/contract/message.js';
import { check } from './torture/checker.js';
import { lineOf, type Attempt, type RunHistory, type Sending } from './torture/history.js';

const ROOM = 'room';
const ANN = 'ann';

const entry = (seq: number, stream: Stream = 'public'): WrittenEntry => ({
  id: `${stream}-id-${seq}`,
  roomId: ROOM,
  stream,
  seq,
  kind: 'text',
  clientMessageId: `${stream}-key-${seq}`,
  sender: { id: ANN, role: 'guest', name: 'Ann', avatarUrl: null },
  body: `${stream} ${seq}`,
  attachments: [],
  replyTo: null,
  mentions: [],
  activity: null,
  targetSeq: null,
  ai: false,
  createdAt: '2026-11-20T10:00:00.000Z',
  editedAt: null,
  deletedAt: null,
});

/** Sent and acked over one connection, the next one under way before the ack came. */
const acked = ({ id, seq }: Message): Attempt => ({
  door: 'socket',
  connection: 'first life',
  sentAt: seq * 2,
  answeredAt: seq * 2 + 3,
  place: { id, seq },
});

const sendingOf = (message: Message): Sending => ({
  key: message.clientMessageId as string,
  roomId: ROOM,
  stream: message.stream,
  senderId: ANN,
  body: message.body as string,
  attempts: [acked(message)],
});

/** A run in which all went well: three public entries, two internal ones, one reader. */
const rightRun = (): RunHistory => {
  const streams = (['public', 'internal'] as const).map((stream) => {
    const entries = [1, 2, 3].slice(0, stream === 'public' ? 3 : 2).map((seq) => entry(seq, stream));
    return { roomId: ROOM, stream, entries, readings: [{ way: 'socket', lines: entries.map(lineOf) }] };
  });
  return {
    seed: 1,
    sendings: streams.flatMap(({ entries }) => entries.map(sendingOf)),
    streams,
    applied: streams.map(({ stream, entries }) => ({ reader: 'reader', roomId: ROOM, stream, lines: entries.map(lineOf) })),
    live: [{ reader: 'reader', connection: 'second life', roomId: ROOM, stream: 'public', joinedAt: 1, seqs: [2, 3] }],
    probes: [
      { kind: 'look', key: 'public-key-1', isRight: true },
      { kind: 'change', key: 'public-key-1', isRight: true },
    ],
    oddities: [],
  };
};

const rulesBroken = (spoil: (run: RunHistory) => void): string[] => {
  const run = rightRun();
  spoil(run);
  return [...new Set(check(run).map(({ rule }) => rule))];
};

/** The same change to the history and to everything that was read of it, so that only the rule in question sees it. */
/** What is stored is written anew, in forms that no sound server makes. */
const rewrite = (run: RunHistory, change: (entries: WrittenEntry[]) => object[]): void => {
  const [stored] = run.streams;
  if (!stored) throw new Error('no stream');
  stored.entries = change(stored.entries as WrittenEntry[]) as Message[];
  const lines = stored.entries.map(lineOf);
  for (const copy of [...stored.readings, run.applied[0]]) if (copy) copy.lines = lines;
};

const attemptsOf = (run: RunHistory, index: number): Attempt[] => (run.sendings[index] as Sending).attempts;
const neverAcked = (run: RunHistory, index: number): void => attemptsOf(run, index).forEach((attempt) => (attempt.place = null));

describe('the checker of the kill test', () => {
  it('finds nothing in a right run', () => expect(check(rightRun())).toEqual([]));

  it('allows that an unacked message is not stored, or once', () => {
    expect(rulesBroken((run) => neverAcked(run, 2))).toEqual([]);
    expect(
      rulesBroken((run) => {
        neverAcked(run, 2);
        rewrite(run, (entries) => entries.slice(0, 2));
        run.live = [];
      }),
    ).toEqual([]);
  });

  it('allows that what was under way at once, over two connections, is stored in either order', () => {
    const swap = (run: RunHistory): void => {
      const [one, two] = [attemptsOf(run, 0)[0] as Attempt, attemptsOf(run, 1)[0] as Attempt];
      [one.sentAt, two.sentAt] = [two.sentAt, one.sentAt];
      two.connection = 'another';
    };
    expect(rulesBroken(swap)).toEqual([]);
  });

  it.each<[rule: string, name: string, spoil: (run: RunHistory) => void]>([
    ['C1', 'an acked message that is lost', (run) => rewrite(run, (entries) => entries.slice(0, 2))],
    ['C1', 'an acked message with another body', (run) => rewrite(run, ([first, ...rest]) => [{ ...first, body: 'x' }, ...rest])],
    ['C1', 'an ack that names another place', (run) => ((attemptsOf(run, 1)[0] as Attempt).place = { id: 'public-id-2', seq: 3 })],
    ['C1', 'an acked message that could not be read at once', (run) => run.probes.push({ kind: 'look', key: 'k', isRight: false })],
    ['C2', 'a key stored twice', (run) => rewrite(run, (entries) => [...entries, { ...entry(4), clientMessageId: 'public-key-1' }])],
    [
      'C2',
      'an id stored twice',
      (run) => rewrite(run, (entries) => [...entries, { ...entry(4), kind: 'activity', clientMessageId: null, id: 'public-id-1' }]),
    ],
    ['C2', 'a repeat that is answered otherwise', (run) => attemptsOf(run, 0).push({ ...acked(entry(2)), sentAt: 90, answeredAt: 91 })],
    ['C2', 'another body under a known key', (run) => run.probes.push({ kind: 'change', key: 'k', isRight: false })],
    ['C3', 'a gap', (run) => rewrite(run, (entries) => [...entries, { ...entry(5), kind: 'activity', clientMessageId: null }])],
    [
      'C3',
      'a seq given twice',
      (run) => rewrite(run, (entries) => [...entries, { ...entry(3), id: 'x', kind: 'activity', clientMessageId: null }]),
    ],
    ['C4', 'a reader that misses the end', (run) => run.applied[0]?.lines.pop()],
    ['C4', 'a reader with an entry twice', (run) => run.applied[0]?.lines.push(lineOf(entry(3)))],
    ['C4', 'a reader with another order', (run) => run.applied[0]?.lines.reverse()],
    ['C4', 'a reader with another id', (run) => run.applied[0]?.lines.splice(0, 1, lineOf({ ...entry(1), id: 'x' }))],
    ['C4', 'an event heard twice', (run) => run.live[0]?.seqs.push(3)],
    ['C4', 'an event left out', (run) => run.live[0]?.seqs.push(5)],
    ['C4', 'a hole between the page and the events', (run) => run.live[0]?.seqs.shift()],
    [
      'C5',
      'a message acked before a lower one was sent',
      (run) => Object.assign(attemptsOf(run, 0)[0] as Attempt, { sentAt: 50, answeredAt: 51 }),
    ],
    [
      'C5',
      'a pipeline out of order',
      (run) => {
        const [one, two] = [attemptsOf(run, 0)[0] as Attempt, attemptsOf(run, 1)[0] as Attempt];
        [one.sentAt, two.sentAt] = [two.sentAt, one.sentAt];
      },
    ],
    [
      'C6',
      'an unacked message stored otherwise',
      (run) => {
        neverAcked(run, 0);
        rewrite(run, ([first, ...rest]) => [{ ...first, body: 'x' }, ...rest]);
      },
    ],
    ['C6', 'a message that nobody sent', (run) => rewrite(run, (entries) => [...entries, entry(4)])],
    ['C7', 'a way of reading that leaves one out', (run) => run.streams[0]?.readings[0]?.lines.shift()],
    ['C7', 'a way of reading with one too many', (run) => run.streams[0]?.readings[0]?.lines.push(lineOf(entry(1, 'internal')))],
    ['odd', 'what no fault explains', (run) => run.oddities.push('a refusal')],
  ])('%s is broken by %s', (rule, _, spoil) => {
    expect(rulesBroken(spoil)).toContain(rule);
  });

  it('sees an unacked message that was stored twice', () => {
    const spoil = (run: RunHistory): void => {
      neverAcked(run, 0);
      rewrite(run, (entries) => [...entries, { ...entry(4), clientMessageId: 'public-key-1', body: 'public 1' }]);
    };
    expect(rulesBroken(spoil)).toEqual(['C2', 'C6']);
  });
});
