import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Repository } from 'typeorm';
import { Env } from '../config/env.js';
import { Chores } from '../database/chores.js';
import { deleteInBatches } from '../database/delete-in-batches.js';
import { EventBus } from '../event/event-bus.js';
import { HealthService } from '../health/health.service.js';
import { Metrics } from '../metrics/metrics.js';
import { Mail } from './mail.entity.js';
import { MailTransport, type Letter } from './mail.transport.js';
import { isFinal, withoutAddress, type MailFault } from './refusal.js';
import { retryPauseMs } from './retry-pause.js';

const SWEEP_MS = 3_000;
const AT_ONCE = 5;
/** How long mails that were sent or given up are kept. */
const KEPT_DAYS = 30;
const HOUR_SECONDS = 3_600;

/** However slowly a server answers, a try ends before another node may take the mail. */
const TRY_MS = 45_000;
/** A mail that would come later than so long before its end comes too late. */
const LAST_TRY_MS = 60_000;
const LEASE_SECONDS = 120;

/** How long mails that are under way may hold up the stop of the server. */
const STOP_PATIENCE_MS = 2_000;
/** Why a try ended that another server, or this one after its start, makes again. */
const STOP = Symbol('stop');
/** A mail that waits for so long is a sign that none leaves. */
const STUCK_MS = 15 * 60_000;
const WAITING = { sentAt: IsNull(), givenUpAt: IsNull() };
const MAX_FAULT = 500;
const GIVEN_UP = 'a mail was given up: its row in the table mail says why';

interface Taken extends Letter {
  until: Date;
  tries: number;
}

/** The mails that are due and that no other node has taken, the longest due first. */
const TAKE = `
  UPDATE mail SET due_at = now() + make_interval(secs => $1), tries = tries + 1
  WHERE id = ANY (ARRAY (
    SELECT id FROM mail WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at <= now()
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))
  RETURNING id, recipient, subject, text, html, until, tries`;

/** Sends what is in the outbox: at once after a commit, and what that missed every few seconds. */
@Injectable()
export class MailWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(MailWorker.name);
  private readonly underWay = new Set<Promise<void>>();
  private readonly attempts = new Set<AbortController>();
  private taking: Promise<void> | undefined;
  private isAsked = false;
  private isStopping = false;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly env: Env,
    @InjectRepository(Mail) private readonly mails: Repository<Mail>,
    private readonly transport: MailTransport,
    events: EventBus,
    metrics: Metrics,
    health: HealthService,
    chores: Chores,
  ) {
    chores.add({ name: 'old-mails', everySeconds: HOUR_SECONDS, work: (isStopping) => this.forgetOld(isStopping) });
    metrics.polled('parley_mails_waiting', () => this.mails.countBy(WAITING));
    health.add('mail', async () => !(await this.mails.existsBy({ ...WAITING, createdAt: LessThan(new Date(Date.now() - STUCK_MS)) })));
    events.onOwn('mail.posted', () => this.wake());
    events.on('mail.erased', ({ mailIds }) => {
      for (const id of mailIds) this.attend(id, this.transport.forget(id), 'the file of an erased mail could not be deleted');
    });
  }

  onApplicationBootstrap(): void {
    if (this.env.isCommand) return;
    this.sweeper = setInterval(() => this.wake(), SWEEP_MS).unref();
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.sweeper);
    await this.taking;
    const patience = setTimeout(() => {
      for (const attempt of this.attempts) attempt.abort(STOP);
    }, STOP_PATIENCE_MS);
    await Promise.all(this.underWay);
    clearTimeout(patience);
  }

  /** What was written down of them goes, too. */
  private forgetOld(isStopping: () => boolean): Promise<void> {
    const where = `(sent_at IS NOT NULL OR given_up_at IS NOT NULL) AND created_at < now() - interval '${KEPT_DAYS} days'`;
    const gone = (ids: string[]): Promise<unknown> => Promise.all(ids.map((id) => this.transport.forget(id)));
    return deleteInBatches(this.mails.manager.dataSource, { table: 'mail', key: 'id', where, gone }, isStopping);
  }

  private wake(): void {
    this.isAsked = true;
    this.taking ??= this.takeAll().finally(() => (this.taking = undefined));
  }

  private async takeAll(): Promise<void> {
    while (this.isAsked && !this.isStopping && this.underWay.size < AT_ONCE) {
      this.isAsked = false;
      try {
        const [taken] = await this.mails.query<[Taken[], number]>(TAKE, [LEASE_SECONDS, AT_ONCE - this.underWay.size]);
        for (const mail of taken) this.attend(mail.id, this.send(mail), 'what became of a mail could not be written down');
      } catch (error) {
        this.logger.warn({ err: error }, 'the outbox could not be read');
      }
    }
  }

  /** Sees to it that the stop waits for `work`. */
  private attend(mailId: string, work: Promise<void>, fault: string): void {
    const attended = work
      .catch((error: unknown) => this.logger.warn({ err: error, mailId }, fault))
      .finally(() => {
        this.underWay.delete(attended);
        this.wake();
      });
    this.underWay.add(attended);
  }

  private async send(mail: Taken): Promise<void> {
    const { id } = mail;
    if (mail.until.getTime() <= Date.now()) {
      await this.giveUp(mail);
      this.logger.error({ mailId: id, tries: mail.tries }, GIVEN_UP);
      return;
    }
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(), TRY_MS);
    this.attempts.add(attempt);
    try {
      await this.transport.send(mail, attempt.signal);
    } catch (error) {
      if (attempt.signal.reason === STOP) await this.mails.update({ id }, { dueAt: () => 'now()', tries: mail.tries - 1 });
      else await this.fail(mail, error as MailFault);
      return;
    } finally {
      clearTimeout(timer);
      this.attempts.delete(attempt);
    }
    const { affected } = await this.mails.update({ id }, { sentAt: () => 'now()', fault: null, text: null, html: null });
    // The person was erased in the meantime, and what was written down just now with nobody to take it away.
    if (affected === 0) await this.transport.forget(id);
  }

  private async fail(mail: Taken, error: MailFault): Promise<void> {
    const fault = error.message.slice(0, MAX_FAULT);
    const reason = withoutAddress(error).slice(0, MAX_FAULT);
    const { id: mailId, tries } = mail;
    if (isFinal(error)) {
      await this.giveUp(mail, fault);
      this.logger.warn({ mailId, tries, reason }, 'a mail was refused for good: its row in the table mail says why');
    } else if (mail.until.getTime() - Date.now() < LAST_TRY_MS) {
      await this.giveUp(mail, fault);
      this.logger.error({ mailId, tries, reason }, GIVEN_UP);
    } else {
      const pauseMs = await this.putOff(mail, fault);
      this.logger.warn({ mailId, tries, pauseMs, reason }, 'a mail could not be sent yet');
    }
  }

  /** How long until the next try, in milliseconds. */
  private async putOff({ id, tries, until }: Taken, fault: string): Promise<number> {
    // One more try, before it is of no use any more.
    const pauseMs = Math.round(Math.min(retryPauseMs(tries), until.getTime() - Date.now() - LAST_TRY_MS / 2));
    // By the clock of the database, which all nodes share.
    await this.mails.update({ id }, { dueAt: () => `now() + interval '${pauseMs} milliseconds'`, fault });
    return pauseMs;
  }

  /** The row stays, with what went wrong and without what it said. */
  private async giveUp({ id }: Taken, fault?: string): Promise<void> {
    await this.mails.update({ id }, { givenUpAt: () => 'now()', text: null, html: null, ...(fault !== undefined && { fault }) });
  }
}
