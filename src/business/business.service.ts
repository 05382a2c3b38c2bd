import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { newId } from '../database/new-id.js';
import { Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import type { Business as BusinessView, BusinessSettings, IdentitySecret, OpeningHours, PublicBusiness } from '../contract/business.js';
import { AppError, invalid } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { PresenceReader } from '../presence/presence.reader.js';
import { isUuid } from '../validation/rules.js';
import type { UpdateBusinessDto } from './business.dto.js';
import { AiEndpoints } from './ai-endpoints.js';
import { Business } from './business.entity.js';
import { merged, withDefaults } from './business-settings.js';
import { changesBetween } from './deeds.js';
import { openingAt } from './hours.js';
import { UserService } from './user.service.js';

const SECRET_BYTES = 32;

/** What an admin may change. */
const changeable = ({
  name,
  theme,
  welcomeText,
  locale,
  preChat,
  settings,
}: Business): Pick<Business, 'locale'> & Record<string, unknown> => ({
  ...{ name, theme, welcomeText, locale, preChat },
  settings: withDefaults(settings),
});

const toSlug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');

@Injectable()
export class BusinessService {
  constructor(
    @InjectRepository(Business) private readonly businesses: Repository<Business>,
    private readonly users: UserService,
    private readonly presence: PresenceReader,
    private readonly audit: AuditService,
    private readonly endpoints: AiEndpoints,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError `business.slug_taken` for a slug that was asked for; one made from the name gives way. */
  async create(tx: EntityManager, name: string, slug?: string): Promise<Business> {
    const id = newId();
    const slugged = toSlug(name);
    const readable = isUuid(slugged) ? '' : slugged;
    const unique = [readable, id.slice(-8)].filter(Boolean).join('-');
    for (const candidate of slug === undefined ? [readable, unique].filter(Boolean) : [slug]) {
      const row = { id, slug: candidate, name, theme: { color: null, logoUrl: null }, locale: 'en', settings: {} };
      // Waits for another founding under the same slug, and yields to it.
      const inserted = await tx.createQueryBuilder().insert().into(Business).values(row).orIgnore().returning('id').execute();
      if ((inserted.raw as unknown[]).length > 0) return tx.findOneByOrFail(Business, { id });
    }
    throw new AppError('business.slug_taken');
  }

  all(): Promise<Business[]> {
    return this.businesses.find({ order: { id: 'ASC' } });
  }

  isEmpty(): Promise<boolean> {
    return this.businesses.exists().then((exists) => !exists);
  }

  /** By slug or id. @throws AppError `business.not_found`. */
  async find(slugOrId: string): Promise<Business> {
    const business = await this.seek(slugOrId);
    if (!business) throw new AppError('business.not_found');
    return business;
  }

  /** By slug or id; null where there is none. */
  seek(slugOrId: string): Promise<Business | null> {
    // An id is never taken for a slug: nobody founds a business under the id of another.
    return this.businesses.findOneBy(isUuid(slugOrId) ? { id: slugOrId.toLowerCase() } : { slug: slugOrId });
  }

  /** How many of its staff are online. */
  async agentsOnline(businessId: string): Promise<number> {
    return this.users.countAgents(businessId, await this.presence.onlineIds(businessId));
  }

  async isOnline(businessId: string, userId: string): Promise<boolean> {
    return (await this.presence.onlineIds(businessId)).includes(userId);
  }

  async settings(businessId: string): Promise<BusinessSettings> {
    const { settings } = await this.businesses.findOneByOrFail({ id: businessId });
    return withDefaults(settings);
  }

  /** The settings as they stay until the transaction ends. To be asked before anybody of the business is locked. */
  async heldSettings(tx: EntityManager, businessId: string): Promise<BusinessSettings> {
    const { settings } = await tx.getRepository(Business).findOneOrFail({ where: { id: businessId }, lock: { mode: 'pessimistic_read' } });
    return withDefaults(settings);
  }

  /** Whether pages of this origin may use the API of any business, or of the one given. */
  async allowsOrigin(origin: string, businessId?: string): Promise<boolean> {
    const found = this.businesses.createQueryBuilder('b').where("b.settings -> 'allowedOrigins' ? :origin", { origin });
    if (businessId !== undefined) found.andWhere('b.id = :businessId', { businessId });
    return found.getExists();
  }

  /** The origins beside the operator's that may use it; undefined where there is no such business. */
  async allowedOrigins(slug: string): Promise<string[] | undefined> {
    const business = await this.businesses.findOneBy({ slug });
    return business ? withDefaults(business.settings).allowedOrigins : undefined;
  }

  async viewBySlug(slug: string): Promise<PublicBusiness> {
    return this.publicView(await this.findBySlug(slug));
  }

  async hoursBySlug(slug: string): Promise<OpeningHours> {
    return { hours: withDefaults((await this.findBySlug(slug)).settings).hours };
  }

  async get(actor: Actor): Promise<BusinessView> {
    return this.view(await this.businesses.findOneByOrFail({ id: actor.businessId }));
  }

  /** @throws AppError `auth.second_factor_inactive` when an admin without a second factor would require one. */
  async update(actor: Actor, { settings, theme, preChat, ...fields }: UpdateBusinessDto): Promise<BusinessView> {
    const baseUrl = settings?.ai?.baseUrl ?? undefined;
    if (baseUrl !== undefined && !this.endpoints.isAllowed(baseUrl))
      throw invalid('settings.ai.baseUrl', 'must be one of those that the operator allows');
    const business = await this.events.transaction(async (tx, publish) => {
      const found = await tx
        .getRepository(Business)
        .findOneOrFail({ where: { id: actor.businessId }, lock: { mode: 'for_no_key_update' } });
      const before = changeable(found);
      Object.assign(found, fields);
      if (theme) found.theme = { ...found.theme, ...theme };
      if (preChat !== undefined) found.preChat = preChat && { required: preChat.required, consentText: preChat.consentText ?? null };
      const { secondFactorRequired: wasRequired = false } = found.settings;
      found.settings = merged(found.settings, settings ?? {});
      const { secondFactorRequired: isRequired = false } = found.settings;
      if (isRequired !== wasRequired) {
        const change = { businessId: actor.businessId, byId: actor.id, isRequired };
        await this.events.runHooks('business.second_factor_changed', tx, change, publish);
      }
      if (settings?.agentScope) await this.users.setAgentReach(tx, actor.businessId, settings.agentScope);
      publish('business.updated', { businessId: actor.businessId, isLocaleChanged: found.locale !== before.locale });
      const changed = changesBetween(before, changeable(found));
      if (Object.keys(changed).length > 0) await this.note(tx, actor, 'business.updated', { changed });
      return tx.save(found);
    });
    return this.view(business);
  }

  /** Makes the secret that the site signs identities with anew; what was signed with the old one is void at once. */
  changeIdentitySecret(actor: Actor): Promise<IdentitySecret> {
    const identitySecret = randomBytes(SECRET_BYTES).toString('hex');
    return this.events.transaction(async (tx, publish) => {
      await tx.update(Business, { id: actor.businessId }, { identitySecret });
      // Whoever came by a signature of a secret that got out is out, too; their sites bring the others back.
      await this.events.runHooks('identity.changed', tx, { businessId: actor.businessId, userIds: null }, publish);
      await this.note(tx, actor, 'business.identity_secret_changed');
      return { identitySecret };
    });
  }

  /** Null until an admin has asked for one. */
  async identitySecret(id: string): Promise<string | null> {
    const { identitySecret } = await this.businesses.findOneOrFail({ where: { id }, select: { id: true, identitySecret: true } });
    return identitySecret;
  }

  async view(business: Business): Promise<BusinessView> {
    return { ...(await this.publicView(business)), settings: withDefaults(business.settings) };
  }

  private note(
    tx: EntityManager,
    actor: Actor,
    action: 'business.updated' | 'business.identity_secret_changed',
    details?: Record<string, unknown>,
  ): Promise<void> {
    const { businessId } = actor;
    return this.audit.note(tx, businessId, actor, [{ action, targetType: 'business', targetId: businessId, details }]);
  }

  private async findBySlug(slug: string): Promise<Business> {
    const business = await this.businesses.findOneBy({ slug });
    if (!business) throw new AppError('business.not_found');
    return business;
  }

  private async publicView({ id, slug, name, theme, welcomeText, locale, preChat, settings }: Business): Promise<PublicBusiness> {
    const agentsOnline = await this.agentsOnline(id);
    const { open, nextOpenAt } = openingAt(withDefaults(settings).hours, Date.now());
    const availability = { open, agentsOnline, nextOpenAt: nextOpenAt === null ? null : new Date(nextOpenAt).toISOString() };
    return {
      id,
      slug,
      name,
      theme: { ...theme, logoUrl: theme.logoUrl ?? null },
      welcomeText: welcomeText ?? null,
      locale,
      availability,
      preChat: preChat ?? null,
    };
  }
}
