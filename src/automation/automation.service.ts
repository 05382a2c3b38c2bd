import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BotService } from '../business/bot.service.js';
import type { Message } from '../contract/message.js';
import { EventBus } from '../event/event-bus.js';
import { Sweep } from '../event/sweep.js';
import { MessageService } from '../message/message.service.js';
import { AutomationLedger, FRESH_MS, type Place, type Standing } from './automation.ledger.js';
import { GreeterService } from './greeter.service.js';
import { PolicyService, type Policy } from './policy.service.js';
import { RuleRunner } from './rule-runner.js';

/** Finds what no signal told of: what a killed server left behind, or had in hand as more came in. */
const SWEEP_MS = 5_000;
const LEASE_MS = 15_000;
const ENTRIES_AT_ONCE = 100;
/** Rooms that are worked on at the same time, so that others keep the connections to the database. */
const ROOMS_AT_ONCE = 3;

/**
 * Does what a business wants done by itself, whenever something happens in one of its rooms. The streams are the log that it
 * follows, with a place for each room in the database, so that nothing is forgotten and nothing done twice, whoever is killed.
 */
@Injectable()
export class AutomationService extends Sweep {
  private readonly logger = new Logger(AutomationService.name);
  /** Rooms to look at, in turn. */
  private readonly due = new Map<string, string>();
  private readonly working = new Map<string, Promise<void>>();

  constructor(
    private readonly ledger: AutomationLedger,
    private readonly policies: PolicyService,
    private readonly greeter: GreeterService,
    private readonly rules: RuleRunner,
    private readonly bots: BotService,
    private readonly messages: MessageService,
    events: EventBus,
  ) {
    super(SWEEP_MS);
    for (const name of ['message.created', 'room.created'] as const) events.onOwn(name, (place) => this.look(place));
  }

  async sweep(): Promise<void> {
    for (const place of await this.ledger.behind()) this.look(place);
  }

  override async onModuleDestroy(): Promise<void> {
    await super.onModuleDestroy();
    await Promise.all(this.working.values());
  }

  /** This runs for every entry. */
  private look({ roomId, businessId }: Place): void {
    if (this.isClosed || this.policies.isIdle(businessId)) return;
    this.due.set(roomId, businessId);
    this.next();
  }

  private next(): void {
    if (this.isClosed) return;
    for (const [roomId, businessId] of this.due) {
      if (this.working.size >= ROOMS_AT_ONCE) return;
      if (this.working.has(roomId)) continue;
      this.due.delete(roomId);
      const work = this.work({ roomId, businessId })
        .catch((error: unknown) => this.logger.warn({ err: error, roomId }, 'a room could not be seen to; the sweep tries again'))
        .finally(() => {
          this.working.delete(roomId);
          this.next();
        });
      this.working.set(roomId, work);
    }
  }

  private async work({ roomId, businessId }: Place): Promise<void> {
    const policy = await this.policies.of(businessId);
    if (!policy.isActive) return;
    const room = await this.ledger.begin(roomId, LEASE_MS, new Date(Date.now() - FRESH_MS));
    if (!room) return;
    const bot = await this.bots.of(businessId);
    try {
      await this.greeter.greet(bot, policy, room);
      await this.follow(bot, policy, room);
    } finally {
      await this.ledger.release(room);
    }
  }

  /** Goes through what has happened since the last look, in the order of time, for as long as no other server has the room. */
  private async follow(bot: Actor, policy: Policy, room: Standing): Promise<void> {
    const { id: roomId, createdAt, publicEnd, internalEnd } = room;
    if (policy.rules.length === 0) {
      await this.ledger.move(room, publicEnd, internalEnd, LEASE_MS);
      return;
    }
    let { publicSeq, internalSeq } = room;
    if (!room.isBegun) {
      await this.rules.follow(bot, policy, { roomId, at: createdAt, entry: null });
      if (!(await this.ledger.move(room, publicSeq, internalSeq, LEASE_MS))) return;
    }
    for (let isMore = true; isMore && !this.isClosed;) {
      const pages = await Promise.all([
        this.messages.list(bot, roomId, { stream: 'public', after: publicSeq, limit: ENTRIES_AT_ONCE }),
        this.messages.list(bot, roomId, { stream: 'internal', after: internalSeq, limit: ENTRIES_AT_ONCE }),
      ]);
      const entries = pages.flatMap(({ items }) => items).sort(byTime);
      for (const entry of entries) {
        await this.rules.follow(bot, policy, { roomId, at: new Date(entry.createdAt), entry });
        if (entry.stream === 'public') publicSeq = entry.seq;
        else internalSeq = entry.seq;
        if (!(await this.ledger.move(room, publicSeq, internalSeq, LEASE_MS))) return;
      }
      isMore = entries.length > 0;
    }
  }
}

const byTime = (one: Message, other: Message): number =>
  one.createdAt === other.createdAt ? one.seq - other.seq : one.createdAt < other.createdAt ? -1 : 1;
