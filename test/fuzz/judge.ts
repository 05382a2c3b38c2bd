import { randomUUID } from 'node:crypto';
import type { TestApp } from '../support/app.js';
import { Documents } from '../support/documents.js';
import { unsigned } from '../support/factories.js';
import { rest } from '../support/rest.js';
import { read, type Call } from './calls.js';
import { callThrough, type Door, type Outcome } from './doors.js';
import { expectedOf, idsIn } from './expected.js';
import type { World } from './world.js';

/** What clients cause and nothing else does. */
const TABLES = [
  ...['message', 'room', '"user"', 'team', 'label', 'canned_reply', 'article', 'rule', 'saved_view', 'draft', 'upload', 'mention'],
  ...['business', 'mark', 'stream_counter', 'second_factor', 'recovery_code', 'resume_link'],
];
/** How many rows, and which transaction wrote one of them last. */
const WRITTEN = TABLES.map((table) => `SELECT count(*) AS rows, max(xmin::text::bigint) AS newest FROM ${table}`).join(' UNION ALL ');
const ENTRIES = 'SELECT count(*) FROM message';

const READS: ReadonlySet<string> = new Set(['room.get', 'room.list', 'message.list', 'room.viewers']);
/** What makes no entry the second time. */
const REPEATABLE: ReadonlySet<string> = new Set([
  ...['room.open', 'room.update', 'room.assign', 'room.claim', 'room.close', 'room.end', 'room.reopen'],
  ...['message.send', 'message.edit', 'message.mark', 'presence.set'],
]);
const OF_INTERNAL = /"(stream":"internal|internal\w*":)/;

/** One for all: it compiles a schema when the first answer of its kind comes. */
const documents = new Documents(read('docs/openapi.json'), read('docs/asyncapi.json'));

type Blame = (what: string, ...details: unknown[]) => void;

/** Makes calls, and keeps what was wrong with the answers. */
export class Judge {
  calls = 0;
  private readonly found = new Map<string, { count: number; example: string }>();

  constructor(private readonly app: TestApp) {}

  get faults(): string[] {
    return [...this.found].map(([what, { count, example }]) => `${what} ×${count}\n  ${example}`);
  }

  /** Through one door, and through the other where it can be said there. False when its caller has no session any more. */
  async try(call: Call, world: World, label: string, isAudited: boolean): Promise<boolean> {
    const blame = this.blamer(`${label} ${JSON.stringify(call)}`);
    const doors: Door[] = [];
    if (call.event && call.caller !== 'nobody') doors.push('event');
    if (call.rest) doors.push('rest');
    const [first, second] = this.calls % 2 === 0 ? doors : doors.reverse();
    if (first === undefined) return true;
    const before = isAudited ? await this.ask(WRITTEN) : undefined;
    const outcome = await this.make(call, first, world, blame);
    if (await this.isGone(outcome, call, world)) return false;
    if (outcome.code === '') {
      this.judgeReach(call, outcome, world, blame);
      if (second !== undefined) await this.judgeAgain(call, outcome, second, world, blame);
      return true;
    }
    const isWritten = before !== undefined && before !== (await this.ask(WRITTEN));
    if (isWritten && (await this.writesAgain(WRITTEN, call, first, world, blame)))
      blame(`${call.command}: refused, but written`, outcome.text);
    await this.judgeHidden(call, first, outcome, world, blame);
    if (second === undefined) return true;
    const other = await this.make(call, second, world, blame);
    if (await this.isGone(other, call, world)) return false;
    const [one, two] = [outcome, other].map(({ code, details }) => JSON.stringify([code, details]));
    if (one !== two) blame(`${call.command}: ${first} says ${outcome.code}, ${second} ${other.code}`, outcome.text, other.text);
    return true;
  }

  /** One of many at the same time: judged by what holds in any order of them. */
  async tryBeside(call: Call, world: World, label: string): Promise<void> {
    const outcome = await callThrough('event', call, world);
    this.calls++;
    this.judge(call, 'event', outcome, this.blamer(`${label} ${JSON.stringify(call)}`));
  }

  /** Of what was pushed to the sockets of a world. */
  judgeHeard(world: World, label: string): void {
    const blame = this.blamer(label);
    for (const [caller, heard] of world.heard()) {
      for (const { event, payload } of heard) {
        const { fault } = documents.judge({ door: 'event', event, payload }) ?? {};
        if (fault !== undefined) blame(`event ${event}: ${fault}`, payload);
        const isCustomer = caller === 'guest' || caller === 'customer';
        if (isCustomer && OF_INTERNAL.test(JSON.stringify(payload)))
          blame(`event ${event}: tells a customer of the internal stream`, payload);
      }
    }
  }

  /** Nothing is wrong in the database that this query finds. */
  async judgeRows(query: string, label: string): Promise<void> {
    const rows = await this.app.sql(query);
    if (rows.length > 0) this.blamer(label)('what is stored is not sound', rows);
  }

  private blamer(call: string): Blame {
    return (what, ...details) => {
      const { count = 0, example = `${call} → ${JSON.stringify(details)}`.slice(0, 3_000) } = this.found.get(what) ?? {};
      this.found.set(what, { count: count + 1, example });
    };
  }

  private async make(call: Call, door: Door, world: World, blame: Blame): Promise<Outcome> {
    this.calls++;
    const outcome = await callThrough(door, call, world);
    if (await this.isGone(outcome, call, world)) return outcome;
    this.judge(call, door, outcome, blame);
    const expected = expectedOf(call, world);
    const isExpected = !expected || expected.codes.some((code) => outcome.code.endsWith(code));
    if (!isExpected && outcome.code !== 'auth.second_factor_required')
      blame(`${call.command} by ${door}: ${outcome.code || 'ok'}, but ${expected.because}`, outcome.text);
    return outcome;
  }

  private judge({ command, caller }: Call, door: Door, { told, code, text }: Outcome, blame: Blame): void {
    const place = `${command} by ${door}`;
    const fault = told ? documents.judge(told)?.fault : text;
    if (fault !== undefined) blame(`${place}: ${fault}`, text);
    if (code === 'internal' || code === 'unavailable') blame(`${place}: ${code}`, text);
    const isCustomer = caller === 'guest' || caller === 'customer';
    if (isCustomer && !command.startsWith('reference.') && code === '' && OF_INTERNAL.test(text))
      blame(`${place}: tells a customer of the internal stream`, text);
    for (const line of this.app.log.filter((one) => /"level":[56]0/.test(one))) blame(`${place}: an error is logged`, line);
    this.app.log.length = 0;
  }

  /** Whether whoever called has no session any more, by its own doing or another's. */
  private async isGone({ code }: Outcome, { caller }: Call, world: World): Promise<boolean> {
    const token = world.tokenOf(caller);
    if (token === undefined || !code.startsWith('auth.')) return false;
    return (await rest(world.url, 'GET', '/api/auth/me', { token })).status === 401;
  }

  /** Nothing of another business is told, or taken where an id is asked for. */
  private judgeReach({ caller, command, rest: request, event, sent }: Call, { text }: Outcome, world: World, blame: Blame): void {
    if (caller === 'nobody' || command.startsWith('auth.')) return;
    const asked = JSON.stringify([request, event]).toLowerCase();
    // A client may name its message by any id there is.
    const answered = text.replace(/"clientMessageId":"[^"]*"/g, '');
    const isTold = world.hiddenFrom(caller).some((id) => answered.includes(id) && !asked.includes(id));
    if (isTold) blame(`${command}: tells of another business`, text);
    // A list is empty then, each room of many has an answer of its own, and a draft is kept as it was typed.
    const isTaken = request?.method === 'GET' || command === 'room.bulk' || command === 'draft.save';
    if (!isTaken && idsIn(sent).some((id) => world.isHidden(id, caller))) blame(`${command}: takes an id of another business`, text);
  }

  /** The same again through the other door: reads say the same, and what is done already is done without an entry. */
  private async judgeAgain(call: Call, { text, value }: Outcome, door: Door, world: World, blame: Blame): Promise<void> {
    const { command } = call;
    // What the AI may take, it takes again.
    if (value?.aiEnabled === true || (!READS.has(command) && !REPEATABLE.has(command))) return;
    const before = await this.ask(ENTRIES);
    const again = await this.make(call, door, world, blame);
    const isSame = JSON.stringify(unsigned(value)) === JSON.stringify(unsigned(again.value));
    if (again.code !== '') blame(`${command}: ok, then by ${door} ${again.code}`, text, again.text);
    else if (READS.has(command) && !isSame) blame(`${command}: by ${door} it says something else`, text, again.text);
    else if (command === 'message.send' && value.id !== again.value.id) blame(`${command}: stored twice`, text, again.text);
    else if (REPEATABLE.has(command) && before !== (await this.ask(ENTRIES)) && (await this.writesAgain(ENTRIES, call, door, world, blame)))
      blame(`${command}: repeated, and written again`, text);
  }

  /** What is out of reach is answered byte for byte like what does not exist. */
  private async judgeHidden(call: Call, door: Door, { code, text }: Outcome, world: World, blame: Blame): Promise<void> {
    const hidden = call.ids.filter((id) => world.isHidden(id, call.caller));
    if (hidden.length === 0 || !code.endsWith('.not_found')) return;
    const elsewhere = JSON.parse(hidden.reduce((all, id) => all.replaceAll(id, randomUUID()), JSON.stringify(call))) as Call;
    const other = await this.make(elsewhere, door, world, blame);
    const [one, two] = [text, other.text].map((answer) => answer.replace(/"requestId":"[^"]*"/, ''));
    if (one !== two) blame(`${call.command}: tells what is hidden`, text, other.text);
  }

  /** What an earlier call still causes is not written each time. */
  private async writesAgain(query: string, call: Call, door: Door, world: World, blame: Blame): Promise<boolean> {
    for (let tries = 0; tries < 3; tries++) {
      await new Promise((done) => setTimeout(done, 400));
      const before = await this.ask(query);
      await this.make(call, door, world, blame);
      if (before === (await this.ask(query))) return false;
    }
    return true;
  }

  private async ask(query: string): Promise<string> {
    return JSON.stringify(await this.app.sql(query));
  }
}
