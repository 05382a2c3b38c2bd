import type { BusinessSettings } from '../contract/business.js';

/** What a business has until its admin changes it. */
export const DEFAULT_SETTINGS: BusinessSettings = {
  multipleRooms: false,
  allowedOrigins: [],
  editWindowSeconds: 900,
  secondFactorRequired: false,
};
