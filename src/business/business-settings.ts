import type { BusinessSettings } from '../contract/business.js';

/** Settings that are objects, and merged key by key. */
const GROUPS = ['routing', 'ai', 'autoReplies'] as const satisfies readonly (keyof BusinessSettings)[];
type Group = (typeof GROUPS)[number];

/** What differs from the defaults. */
export type ChangedSettings = Partial<Omit<BusinessSettings, Group>> & { [Name in Group]?: Partial<BusinessSettings[Name]> };

/** What a business has until its admin changes it. */
export const DEFAULT_SETTINGS: BusinessSettings = {
  agentScope: 'all',
  routing: { mode: 'pool', lastAgentFirst: true, giveBackAfterSeconds: 300 },
  ai: { enabled: false, engine: 'faq', help: false, instructions: null, baseUrl: null, model: null, roomTokens: null, dayTokens: null },
  autoReplies: {
    ...{ welcome: null, away: null, afterHours: null, idle: null },
    ...{ idleMinutes: null, idleCloseMinutes: null, remindMinutes: null, mailMinutes: 10 },
  },
  multipleRooms: false,
  allowedOrigins: [],
  editWindowSeconds: 900,
  secondFactorRequired: false,
  identityRequired: false,
  hours: null,
};

/** What applies, where only some of it was changed. */
export const withDefaults = (changed: ChangedSettings): BusinessSettings => merged(DEFAULT_SETTINGS, changed) as BusinessSettings;

/** `settings` with what `changed` names in their place. */
export const merged = (settings: ChangedSettings, changed: ChangedSettings): ChangedSettings => ({
  ...settings,
  ...changed,
  ...Object.fromEntries(
    GROUPS.filter((group) => settings[group] ?? changed[group]).map((group) => [group, { ...settings[group], ...changed[group] }]),
  ),
});
