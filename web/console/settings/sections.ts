/** The pages of the settings that everybody has, and those of admins. */
const OWN_SECTIONS = ['profile', 'security', 'sessions'] as const;
const ADMIN_SECTIONS = [
  'business',
  'agents',
  'hours',
  'widget',
  'install',
  'identity',
  'teams',
  'routing',
  'auto-replies',
  'canned-replies',
  'articles',
  'ai',
  'labels',
  'automation',
  'audit',
] as const;
export type Section = (typeof OWN_SECTIONS)[number] | (typeof ADMIN_SECTIONS)[number];

/** Those that somebody sees, in their order. */
export const sectionsOf = ({ role }: { role: string }): readonly Section[] =>
  role === 'admin' ? [...ADMIN_SECTIONS, ...OWN_SECTIONS] : OWN_SECTIONS;
