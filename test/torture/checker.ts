import type { Message } from '../../src/contract/message.js';
import { lineOf, type Attempt, type RunHistory, type Sending, type StoredStream } from './history.js';

/** One broken promise. `rule` is an id of trust.md, section (b). */
export interface Violation {
  rule: string;
  what: string;
}

type Check = (run: RunHistory) => string[];

const nameOf = ({ roomId, stream }: { roomId: string; stream: string }): string => `${stream} of ${roomId}`;
const streamsByName = (run: RunHistory): Map<string, StoredStream> => new Map(run.streams.map((stored) => [nameOf(stored), stored]));

const groupBy = <Thing>(things: Iterable<Thing>, keyOf: (thing: Thing) => string | null): Map<string, Thing[]> => {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
};

const allEntries = (run: RunHistory): Message[] => run.streams.flatMap(({ entries }) => entries);
const storedByKey = (run: RunHistory): Map<string, Message[]> => groupBy(allEntries(run), ({ clientMessageId }) => clientMessageId);

type Acked = Attempt & { place: NonNullable<Attempt['place']>; answeredAt: number };
const acksOf = ({ attempts }: Sending): Acked[] =>
  attempts.filter((attempt): attempt is Acked => attempt.place !== null).sort((a, b) => a.answeredAt - b.answeredAt);

/** C1: what was acked is in the history, where the ack said, as it was sent. */
const acked: Check = (run) => {
  const streams = streamsByName(run);
  return run.sendings.flatMap((sending) => {
    const [ack] = acksOf(sending);
    if (!ack) return [];
    const { id, seq } = ack.place;
    const entry = streams.get(nameOf(sending))?.entries[seq - 1];
    const isThere =
      entry?.id === id &&
      entry.seq === seq &&
      entry.clientMessageId === sending.key &&
      entry.sender.id === sending.senderId &&
      entry.body === sending.body &&
      entry.kind === 'text';
    return isThere ? [] : [`${sending.key} was acked as ${seq} ${id}, there is ${entry ? lineOf(entry) : 'nothing'}`];
  });
};

/** C1: and from the moment of the ack on. */
const readable: Check = ({ probes }) =>
  probes.filter(({ kind, isRight }) => kind === 'look' && !isRight).map(({ key }) => `${key} was not there right after its ack`);

/** C2: no key and no id twice. */
const once: Check = (run) =>
  [storedByKey(run), groupBy(allEntries(run), ({ id }) => id)].flatMap((groups) =>
    [...groups].filter(([, entries]) => entries.length > 1).map(([key, entries]) => `${key}: ${entries.map(lineOf).join(' and ')}`),
  );

/** C2: a repeat gets the same answer, over whichever door. */
const sameAnswer: Check = ({ sendings }) =>
  sendings
    .map((sending) => ({ key: sending.key, places: new Set(acksOf(sending).map(({ place }) => `${place.seq} ${place.id}`)) }))
    .filter(({ places }) => places.size > 1)
    .map(({ key, places }) => `${key} was answered with ${[...places].join(' and ')}`);

/** C2: another message under a stored key is refused. */
const changed: Check = ({ probes }) =>
  probes.filter(({ kind, isRight }) => kind === 'change' && !isRight).map(({ key }) => `another body under ${key} was not a mismatch`);

/** C3: 1, 2, 3 … in every stream. */
const dense: Check = ({ streams }) =>
  streams.flatMap((stored) => {
    const at = stored.entries.findIndex(({ seq }, index) => seq !== index + 1);
    return at < 0 ? [] : [`${nameOf(stored)}: ${stored.entries[at]?.seq} stands at ${at + 1}`];
  });

const firstDifference = (lines: string[], history: string[]): string | undefined => {
  for (let index = 0; index < Math.max(lines.length, history.length); index++) {
    if (lines[index] !== history[index]) return `at ${index + 1} "${lines[index] ?? 'nothing'}" for "${history[index] ?? 'nothing'}"`;
  }
  return undefined;
};

const linesByName = (run: RunHistory): Map<string, string[]> =>
  new Map(run.streams.map((stored) => [nameOf(stored), stored.entries.map(lineOf)]));

/** C4: what every reader holds is the history: nothing missing, nothing twice, nothing elsewhere. */
const applied: Check = (run) => {
  const history = linesByName(run);
  return run.applied.flatMap((log) => {
    const difference = firstDifference(log.lines, history.get(nameOf(log)) ?? []);
    return difference ? [`${log.reader}, ${nameOf(log)}: ${difference}`] : [];
  });
};

/** C4: and what a connection hears once it joined needs no mending: it goes on where the page ended, one by one. */
const live: Check = (run) =>
  run.live.flatMap(({ reader, connection, joinedAt, seqs, ...place }) => {
    const where = `${reader} on ${connection}, ${nameOf(place)}`;
    const jump = seqs.findIndex((seq, index) => index > 0 && seq !== (seqs[index - 1] as number) + 1);
    if (jump > 0) return [`${where}: heard ${seqs[jump]} after ${seqs[jump - 1]}`];
    const [first] = seqs;
    if (joinedAt !== null && first !== undefined && first > joinedAt + 1) return [`${where}: joined at ${joinedAt}, then heard ${first}`];
    return [];
  });

/** C5: what was acked before another was first sent stands before it. */
const realTime: Check = ({ sendings }) =>
  [...groupBy(sendings, nameOf)].flatMap(([name, ofStream]) => {
    const steps = ofStream.flatMap((sending) => {
      const [ack] = acksOf(sending);
      const sentAt = Math.min(...sending.attempts.map((attempt) => attempt.sentAt));
      return ack
        ? [
            { moment: sentAt, seq: ack.place.seq, isAck: false },
            { moment: ack.answeredAt, seq: ack.place.seq, isAck: true },
          ]
        : [];
    });
    let highest = 0;
    const wrong: string[] = [];
    for (const { seq, isAck } of steps.sort((a, b) => a.moment - b.moment)) {
      if (isAck) highest = Math.max(highest, seq);
      else if (seq <= highest) wrong.push(`${name}: ${seq} was sent after ${highest} was acked`);
    }
    return wrong;
  });

/** C5: what one connection sent into one stream, each acked at the first try, stands in the order sent. */
const pipelined: Check = ({ sendings }) => {
  const atFirstTry = sendings.flatMap((sending) => {
    const [first] = sending.attempts;
    if (!first?.place || first.connection === null || first.answeredAt === null) return [];
    const { answeredAt, place, connection, sentAt } = first;
    const isAlone = sending.attempts.slice(1).every((other) => other.sentAt > answeredAt);
    return isAlone ? [{ name: `${connection}, ${nameOf(sending)}`, sentAt, seq: place.seq }] : [];
  });
  return [...groupBy(atFirstTry, ({ name }) => name)].flatMap(([name, sent]) => {
    const seqs = sent.sort((a, b) => a.sentAt - b.sentAt).map(({ seq }) => seq);
    const at = seqs.findIndex((seq, index) => index > 0 && seq <= (seqs[index - 1] as number));
    return at < 0 ? [] : [`${name}: ${seqs[at]} was sent after ${seqs[at - 1]}`];
  });
};

/** C6: what was never acked is stored once or not at all, as it was sent; and nothing is stored that nobody sent. */
const unacked: Check = (run) => {
  const stored = storedByKey(run);
  const sendings = new Map(run.sendings.map((sending) => [sending.key, sending]));
  const wrong = run.sendings
    .filter((sending) => acksOf(sending).length === 0)
    .map((sending) => ({ sending, entries: stored.get(sending.key) ?? [] }))
    .filter(({ sending, entries }) => entries.length > 1 || entries.some(({ body }) => body !== sending.body))
    .map(({ sending, entries }) => `${sending.key} was not acked, there is ${entries.map(lineOf).join(' and ')}`);
  const unknown = allEntries(run)
    .filter(({ kind, clientMessageId }) => kind === 'text' && !sendings.has(clientMessageId))
    .map((entry) => `nobody sent ${lineOf(entry)}`);
  return [...wrong, ...unknown];
};

/** C7: every way of reading gives the same. */
const sameReadings: Check = (run) => {
  const history = linesByName(run);
  return run.streams.flatMap((stored) =>
    stored.readings.flatMap(({ way, lines }) => {
      const difference = firstDifference(lines, history.get(nameOf(stored)) ?? []);
      return difference ? [`${way}, ${nameOf(stored)}: ${difference}`] : [];
    }),
  );
};

const CHECKS: readonly (readonly [rule: string, check: Check])[] = [
  ['C1', acked],
  ['C1', readable],
  ['C2', once],
  ['C2', sameAnswer],
  ['C2', changed],
  ['C3', dense],
  ['C4', applied],
  ['C4', live],
  ['C5', realTime],
  ['C5', pipelined],
  ['C6', unacked],
  ['C7', sameReadings],
  ['odd', ({ oddities }) => oddities],
];

/** Holds the history of a run against the promises. Pure: the same history gives the same verdict. */
export const check = (run: RunHistory): Violation[] => CHECKS.flatMap(([rule, broken]) => broken(run).map((what) => ({ rule, what })));
