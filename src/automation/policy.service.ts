import { Injectable } from '@nestjs/common';
import { BusinessService } from '../business/business.service.js';
import { withDefaults } from '../business/business-settings.js';
import type { BusinessSettings } from '../contract/business.js';
import { EventBus } from '../event/event-bus.js';
import type { Rule } from './rule.entity.js';
import { RuleService } from './rule.service.js';

/** Another server's change that this one was not told of holds so much later here. */
const MEMORY_MS = 5_000;
const MOST = 5_000;

/** What a business wants done by itself. */
export interface Policy {
  rules: Rule[];
  texts: BusinessSettings['autoReplies'];
  hours: BusinessSettings['hours'];
  name: string;
  slug: string;
  locale: string;
  /** Whether anything is to be done at an entry of a room. */
  isActive: boolean;
}

/** Keeps in memory what businesses want, so that the messages of those that want nothing cost nothing. */
@Injectable()
export class PolicyService {
  private readonly known = new Map<string, { policy: Policy; until: number }>();

  constructor(
    private readonly rules: RuleService,
    private readonly businesses: BusinessService,
    events: EventBus,
  ) {
    for (const name of ['business.updated', 'rules.updated'] as const)
      events.on(name, ({ businessId }) => void this.known.delete(businessId));
  }

  /** Whether nothing is to be done for a business, as was seen a moment ago. */
  isIdle(businessId: string): boolean {
    return this.peek(businessId)?.isActive === false;
  }

  async of(businessId: string): Promise<Policy> {
    const known = this.peek(businessId);
    if (known) return known;
    const [business, rules] = await Promise.all([this.businesses.find(businessId), this.rules.enabled(businessId)]);
    const { name, slug, locale, settings } = business;
    const { autoReplies: texts, hours } = withDefaults(settings);
    const isActive = rules.length > 0 || [texts.welcome, texts.away, texts.afterHours].some((text) => text !== null);
    const policy = { rules, texts, hours, name, slug, locale, isActive };
    if (this.known.size > MOST) this.known.clear();
    this.known.set(businessId, { policy, until: performance.now() + MEMORY_MS });
    return policy;
  }

  private peek(businessId: string): Policy | undefined {
    const known = this.known.get(businessId);
    return known && known.until > performance.now() ? known.policy : undefined;
  }
}
