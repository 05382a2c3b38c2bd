import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import { Env } from '../config/env.js';
import { takeTurns } from '../database/take-turns.js';
import { AppError } from '../error/app-error.js';
import { DAY_MS } from '../time/zone.js';
import { UploadDay } from './upload-day.entity.js';

/** What a guest or customer may send on a day (UTC). */
const BYTES_PER_DAY = 100 * 1024 ** 2;

/** Counts a file if it fits, in one statement: parallel ones wait for each other at the row. */
const COUNT = `
INSERT INTO upload_day AS d (user_id, day, bytes) VALUES ($1, $2, $3)
  ON CONFLICT (user_id, day) DO UPDATE SET bytes = d.bytes + excluded.bytes WHERE d.bytes + excluded.bytes <= $4
  RETURNING bytes`;

const KEPT = 'SELECT coalesce(sum(size), 0)::double precision AS bytes FROM upload WHERE business_id = $1';

const today = (): string => new Date().toISOString().slice(0, 10);

const overDay = (): AppError =>
  new AppError('upload.too_large', {
    message: 'You have sent as many files as you may on one day',
    details: { retryAfterMs: DAY_MS - (Date.now() % DAY_MS) },
  });

const overAll = (): AppError =>
  new AppError('upload.too_large', { message: 'The files that are kept here take up all the room that they may' });

/** How much may be sent by a guest or customer on a day, and kept by a business altogether, if the operator says so. */
@Injectable()
export class UploadQuota {
  constructor(
    @InjectRepository(UploadDay) private readonly days: Repository<UploadDay>,
    private readonly env: Env,
  ) {}

  /** @throws AppError `upload.too_large` when not even the smallest file can be taken; with `details.retryAfterMs` when only for today. */
  async requireSpace(actor: Actor): Promise<void> {
    if (!isStaff(actor)) {
      const sent = await this.days.findOneBy({ userId: actor.id, day: today() });
      if (sent && sent.bytes >= this.bytesPerDay) throw overDay();
    }
    await this.requireFit(this.days.manager, actor, 1);
  }

  /** Counts a file, in the transaction that keeps it: what was sent, and what is kept of it. @throws AppError as `requireSpace`. */
  async count(tx: EntityManager, actor: Actor, sent: number, kept: number): Promise<void> {
    if (!isStaff(actor)) {
      const counted = await tx.query<unknown[]>(COUNT, [actor.id, today(), sent, this.bytesPerDay]);
      if (counted.length === 0) throw overDay();
    }
    if (this.env.UPLOAD_QUOTA === undefined) return;
    // Files of one business one after the other, or two that fit singly would both be taken.
    await takeTurns(tx, `upload ${actor.businessId}`);
    await this.requireFit(tx, actor, kept);
  }

  private async requireFit(tx: EntityManager, { businessId }: Actor, bytes: number): Promise<void> {
    const { UPLOAD_QUOTA } = this.env;
    if (UPLOAD_QUOTA === undefined) return;
    const [kept] = await tx.query<{ bytes: number }[]>(KEPT, [businessId]);
    if ((kept?.bytes ?? 0) + bytes > UPLOAD_QUOTA) throw overAll();
  }

  /** A file that is taken at all must fit into an empty day. */
  private get bytesPerDay(): number {
    return Math.max(BYTES_PER_DAY, this.env.MAX_FILE_SIZE);
  }
}
