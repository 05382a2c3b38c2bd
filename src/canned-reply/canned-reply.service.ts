import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { UserService } from '../business/user.service.js';
import { REPLY_VARIABLES, type CannedReply as CannedReplyView, type RenderedReply } from '../contract/canned-reply.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import type { Page } from '../contract/page.js';
import { retried } from '../database/clash.js';
import { literally } from '../database/literally.js';
import { newId } from '../database/new-id.js';
import { violates } from '../database/violates.js';
import { render } from '../contract/template.js';
import { faultOf } from '../validation/template.js';
import { AppError, invalid } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { RoomService } from '../room/room.service.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { codePoints, limitOrDefault } from '../validation/rules.js';
import type { CreateCannedReplyDto, ListCannedRepliesQuery, UpdateCannedReplyDto } from './canned-reply.dto.js';
import { CannedReply } from './canned-reply.entity.js';
import { takeTurns } from '../database/take-turns.js';

const MAX_REPLIES = 1_000;

const shortcutTaken = (error: unknown): unknown =>
  violates(error, 'canned_reply_shortcut') ? new AppError('canned_reply.shortcut_taken') : error;

const requireKnownVariables = (body = ''): void => {
  const fault = faultOf(body, REPLY_VARIABLES);
  if (fault !== undefined) throw invalid('body', fault);
};

const toView = ({ id, shortcut, body, createdAt, updatedAt }: CannedReply): CannedReplyView => ({
  ...{ id, shortcut, body },
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Texts that staff write again and again. */
@Injectable()
export class CannedReplyService {
  constructor(
    @InjectRepository(CannedReply) private readonly replies: Repository<CannedReply>,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly rooms: RoomService,
    private readonly events: EventBus,
  ) {}

  /** By their shortcuts. */
  async list({ businessId }: Actor, { q, limit, cursor }: ListCannedRepliesQuery): Promise<Page<CannedReplyView>> {
    const size = limitOrDefault(limit);
    const found = this.replies.createQueryBuilder('c').where('c.business_id = :businessId', { businessId });
    if (q !== undefined) found.andWhere('(c.shortcut ILIKE :like OR c.body ILIKE :like)', { like: literally(q) });
    if (cursor !== undefined) {
      const [after] = decodeCursor(cursor, [(text) => text.length <= 50]);
      found.andWhere('c.shortcut > :after', { after });
    }
    const rows = await found
      .orderBy('c.shortcut')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ shortcut }) => [shortcut]);
    return { ...page, items: page.items.map(toView) };
  }

  /** @throws AppError `canned_reply.not_found`. */
  async get({ businessId }: Actor, id: string): Promise<CannedReplyView> {
    return toView(await this.find(businessId, id));
  }

  /** @throws AppError `canned_reply.shortcut_taken`, `canned_reply.too_many`, `validation.failed` for an unknown variable. */
  async create(actor: Actor, { shortcut, body }: CreateCannedReplyDto): Promise<CannedReplyView> {
    const { businessId } = actor;
    requireKnownVariables(body);
    const id = newId();
    await this.save(async (tx) => {
      await takeTurns(tx, `canned_reply ${businessId}`);
      if ((await tx.countBy(CannedReply, { businessId })) >= MAX_REPLIES) throw new AppError('canned_reply.too_many');
      await tx.insert(CannedReply, { id, businessId, shortcut: shortcut.toLowerCase(), body });
    });
    return this.get(actor, id);
  }

  /** @throws AppError `canned_reply.not_found` and as `create`. */
  async update(actor: Actor, id: string, { shortcut, body }: UpdateCannedReplyDto): Promise<CannedReplyView> {
    const { businessId } = actor;
    requireKnownVariables(body);
    const changes = { ...(shortcut !== undefined && { shortcut: shortcut.toLowerCase() }), ...(body !== undefined && { body }) };
    await this.save(async (tx) => {
      await this.find(businessId, id, tx);
      if (Object.keys(changes).length > 0) await tx.update(CannedReply, { id }, { ...changes, updatedAt: new Date() });
    });
    return this.get(actor, id);
  }

  /** @throws AppError `canned_reply.not_found`. */
  async delete({ businessId }: Actor, id: string): Promise<void> {
    const { affected } = await retried(() => this.replies.delete({ id, businessId }));
    if (affected !== 1) throw new AppError('canned_reply.not_found');
  }

  /** Fills a reply in for a room and whoever asks. @throws AppError `canned_reply.not_found`, `room.not_found`, `message.too_long`. */
  async render(actor: Actor, id: string, roomId: string): Promise<RenderedReply> {
    const { body: template } = await this.find(actor.businessId, id);
    const { customerId, subject } = await this.rooms.require(actor, roomId);
    const [customer, agent, business] = await Promise.all([
      this.users.find(actor.businessId, customerId),
      this.users.find(actor.businessId, actor.id),
      this.businesses.find(actor.businessId),
    ]);
    const body = render(template, {
      'customer.name': customer.name,
      'customer.email': customer.email,
      'agent.name': agent.name,
      'business.name': business.name,
      'room.subject': subject,
    });
    if (codePoints(body) > MAX_BODY_LENGTH) {
      const message = `must be at most ${MAX_BODY_LENGTH} characters when it is filled in`;
      throw new AppError('message.too_long', { errors: [{ path: 'body', message }] });
    }
    return { body };
  }

  private async find(businessId: string, id: string, tx?: EntityManager): Promise<CannedReply> {
    const repository = tx?.getRepository(CannedReply) ?? this.replies;
    const reply = await repository.findOne({ where: { id, businessId }, ...(tx && { lock: { mode: 'for_no_key_update' as const } }) });
    if (!reply) throw new AppError('canned_reply.not_found');
    return reply;
  }

  private async save(work: (tx: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.events.transaction(work);
    } catch (error) {
      throw shortcutTaken(error);
    }
  }
}
