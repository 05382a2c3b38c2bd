import type { BusinessSettings, RoutingSettings } from '../contract/business.js';

/** What differs from the defaults. */
export type ChangedSettings = Partial<Omit<BusinessSettings, 'routing'>> & { routing?: Partial<RoutingSettings> };

/** What a business has until its admin changes it. */
export const DEFAULT_SETTINGS: BusinessSettings = {
  agentScope: 'all',
  routing: { mode: 'pool', lastAgentFirst: true, giveBackAfterSeconds: 300 },
  multipleRooms: false,
  allowedOrigins: [],
  editWindowSeconds: 900,
  secondFactorRequired: false,
  identityRequired: false,
  hours: null,
};

/** What applies, where only some of it was changed. */
export const withDefaults = (changed: ChangedSettings): BusinessSettings => ({
  ...DEFAULT_SETTINGS,
  ...changed,
  routing: { ...DEFAULT_SETTINGS.routing, ...changed.routing },
});
