import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { withDefaults } from '../business/business-settings.js';
import { UserService } from '../business/user.service.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import { isStaffRole, type Role } from '../contract/user.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { Sweep } from '../event/sweep.js';
import { MessageService } from '../message/message.service.js';
import { stableKey } from '../message/stable-key.js';
import { MachineRoomService } from '../room/machine-room.service.js';
import { LateAnswer } from '../stream/late-answer.js';
import { AssistLedger, type Standing } from './assist.ledger.js';
import { asksForPerson } from './wishes.js';
import { BotService } from '../business/bot.service.js';
import { DeafRooms } from './deaf-rooms.js';
import type { HandOverReason, Outcome, Question } from './engine.js';
import { Engines } from './engines.js';
import { handOverNote } from './hand-over-note.js';
import { turnOf } from './turn.js';
import { firstCodePoints } from '../validation/rules.js';

/** Finds what no signal told of: what another server left behind, a setting that was changed. */
const SWEEP_MS = 5_000;
/** Rooms that something happens in at nearly the same time share a look. */
const LOOK_MS = 20;
/** Renewed while the engine works: a server that is killed leaves its turn to the others so soon. */
const LEASE_MS = 9_000;
const MOST_TRIES = 3;
/** How much of the talk the machine reads. */
const ENTRIES = 60;

/**
 * Answers customers where the machine has the room. An answer is a turn, named by where the public stream stood when it was begun:
 * whatever is said or done there meanwhile makes it too late, which the database decides, and work that is too late is stopped.
 * What is to be done is read from the rooms each time, so that a kill at any moment leaves either no answer or one.
 */
@Injectable()
export class AssistService extends Sweep {
  private readonly logger = new Logger(AssistService.name);
  private readonly due = new Set<string>();
  /** Where an agent spoke, and which. */
  private readonly spoken = new Map<string, string>();
  private readonly deaf = new DeafRooms();
  private readonly running = new Map<string, { turn: number; abort: AbortController; done: Promise<void> }>();
  private looking: NodeJS.Timeout | undefined;
  /** Resolves when no look is under way. */
  private looks: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: AssistLedger,
    private readonly engines: Engines,
    private readonly bots: BotService,
    private readonly machine: MachineRoomService,
    private readonly messages: MessageService,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly events: EventBus,
  ) {
    super(SWEEP_MS);
    events.on('message.created', ({ roomId, stream, seq, message }, from) => {
      if (stream !== 'public') return;
      const turn = this.running.get(roomId);
      if (turn && seq > turn.turn) turn.abort.abort();
      if (from !== null || message?.ai || this.deaf.has(roomId)) return;
      const { id, role } = message?.sender ?? {};
      if (id !== undefined && isStaffRole(role as Role)) this.spoken.set(roomId, id);
      this.look(roomId);
    });
    events.onOwn('room.created', ({ roomId }) => this.look(roomId));
    events.on('room.updated', ({ roomId }, from) => {
      this.deaf.forget(roomId);
      if (from === null) this.look(roomId);
    });
    events.on('business.updated', () => this.deaf.forgetAll());
  }

  async sweep(): Promise<void> {
    for (const id of await this.ledger.due()) this.look(id);
  }

  override async onModuleDestroy(): Promise<void> {
    await super.onModuleDestroy();
    clearTimeout(this.looking);
    await this.looks;
    for (const { abort } of this.running.values()) abort.abort();
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private look(roomId: string): void {
    if (this.isClosed) return;
    this.due.add(roomId);
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      const ids = [...this.due];
      this.due.clear();
      const spoken = [...this.spoken];
      this.spoken.clear();
      const look = this.work(ids, new Map(spoken)).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'rooms could not be looked at; the sweep tries again'),
      );
      this.looks = this.looks.then(() => look);
    }, LOOK_MS);
  }

  private async work(roomIds: string[], spoken: Map<string, string>): Promise<void> {
    const standings = await this.ledger.standings(roomIds);
    const concerned = new Set(standings.map(({ id }) => id));
    this.deaf.add(roomIds.filter((id) => !concerned.has(id)));
    for (const standing of standings) {
      if (this.isClosed) return;
      this.deaf.forget(standing.id);
      await this.step(standing, spoken.get(standing.id)).catch((error: unknown) =>
        this.logger.warn({ err: error, roomId: standing.id }, 'a room could not be moved; the sweep tries again'),
      );
    }
  }

  /** Brings a room where it should be, and begins an answer where one is due. */
  private async step(room: Standing, speaker: string | undefined): Promise<void> {
    const bot = await this.bots.of(room.businessId);
    if (speaker !== undefined && room.answers) {
      await this.machine.silence(bot, room.id, speaker);
      return;
    }
    if (room.mayTake) {
      if (await this.machine.take(bot, room.id)) await this.ledger.hold(room.id, true);
      // What is asked is answered by the look that follows the change.
      return;
    }
    if (!room.holds) {
      if (!room.isHeld) return;
      await this.machine.release(bot, room.id);
      await this.ledger.hold(room.id, false);
      return;
    }
    if (!room.isHeld) await this.ledger.hold(room.id, true);
    if (room.isAsked) this.begin(bot, room);
  }

  private begin(bot: Actor, room: Standing): void {
    const before = this.running.get(room.id);
    if (before?.turn === room.turn) return;
    before?.abort.abort();
    const abort = new AbortController();
    const done = (before?.done ?? Promise.resolve())
      .then(() => (abort.signal.aborted ? undefined : this.answer(bot, room, abort.signal)))
      .catch((error: unknown) => this.logger.warn({ err: error, roomId: room.id }, 'a room could not be answered; the sweep tries again'))
      .finally(() => {
        if (this.running.get(room.id)?.abort === abort) this.running.delete(room.id);
      });
    this.running.set(room.id, { turn: room.turn, abort, done });
  }

  private async answer(bot: Actor, room: Standing, signal: AbortSignal): Promise<void> {
    const { id: roomId, businessId, turn } = room;
    const lease = await this.ledger.begin(roomId, turn, LEASE_MS);
    if (!lease) return;
    const { items, lastSeq } = await this.messages.list(bot, roomId, { limit: ENTRIES });
    if (lastSeq !== turn) return;
    const what = turnOf(items);
    if (what.kind === 'silence') {
      await this.machine.silence(bot, roomId, what.agentId);
      return;
    }
    if (what.kind === 'rest') return this.ledger.rest(roomId, turn);
    if (what.kind === 'unreadable') return this.handOver(bot, room, 'unreadable');
    const question = await this.questionOf(room, what);
    if (asksForPerson(what.text)) return this.handOver(bot, room, 'asked', question);
    if (lease.tries > MOST_TRIES) return this.handOver(bot, room, 'failure', question);
    if (await this.ledger.isOverBudget(question.settings, businessId, lease)) return this.handOver(bot, room, 'budget', question);
    const renewal = setInterval(() => void this.ledger.renew(roomId, turn, LEASE_MS).catch(() => undefined), LEASE_MS / 3);
    const outcome = await this.ask(question, room, signal).finally(() => clearInterval(renewal));
    if (outcome === undefined) return this.ledger.end(room, 'nothing', 0);
    if (outcome.kind === 'hand_over') return this.handOver(bot, room, outcome.reason, question, outcome);
    const how = await this.say(bot, room, outcome.text);
    await this.ledger.end(room, how, outcome.tokens);
  }

  private async questionOf(
    { businessId, customerId, subject }: Standing,
    { text, before }: Pick<Question, 'text' | 'before'>,
  ): Promise<Question> {
    const [business, customer] = await Promise.all([this.businesses.find(businessId), this.users.find(businessId, customerId)]);
    const { name: businessName, locale, settings } = business;
    return { businessId, businessName, locale, settings: withDefaults(settings).ai, text, before, customerName: customer.name, subject };
  }

  /** Undefined when nobody wants the answer any more. */
  private async ask(question: Question, { id: roomId, turn }: Standing, signal: AbortSignal): Promise<Outcome | undefined> {
    try {
      const say = (text: string): void => {
        if (!signal.aborted) this.events.announce('ai.delta', { roomId, turn, text });
      };
      return await this.engines.of(question.settings).answer(question, say, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      this.logger.warn({ err: error, roomId }, 'the engine has no answer');
      return { kind: 'hand_over', reason: 'failure', tokens: 0 };
    }
  }

  /** To the customer if nobody spoke meanwhile, else to staff. */
  private async say(bot: Actor, { id: roomId, turn }: Standing, text: string): Promise<'reply' | 'late' | 'nothing'> {
    const body = firstCodePoints(text, MAX_BODY_LENGTH);
    try {
      await this.messages.answer(bot, roomId, { turn, clientMessageId: stableKey('answer', roomId, turn), body });
      return 'reply';
    } catch (error) {
      // Another server has answered.
      if (error instanceof AppError && error.code === 'message.idempotency_mismatch') return 'nothing';
      if (!(error instanceof LateAnswer)) throw error;
    }
    try {
      await this.messages.suggest(bot, roomId, body);
      return 'late';
    } catch (error) {
      // The customer has erased itself.
      if (error instanceof AppError && error.code === 'room.closed') return 'nothing';
      throw error;
    }
  }

  private async handOver(
    bot: Actor,
    room: Standing,
    reason: HandOverReason,
    question?: Question,
    { summary, tokens = 0 }: { summary?: string; tokens?: number } = {},
  ): Promise<void> {
    const isDone = await this.machine.handOver(bot, room.id, room.turn, handOverNote(reason, question, summary));
    await this.ledger.end(room, isDone ? 'hand_over' : 'nothing', tokens);
    if (isDone) await this.ledger.hold(room.id, false);
  }
}
