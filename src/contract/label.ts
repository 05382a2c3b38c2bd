import type { Page } from './page.js';
import type { Id, Time } from './scalar.js';

/** The longest name, in Unicode code points. */
export const MAX_LABEL_NAME = 60;
/** How many labels a business may have. */
export const MAX_LABELS = 1_000;
/** How many labels a room or a customer may wear. */
export const MAX_LABELS_WORN = 50;

/** A word that staff put on rooms and customers to find them by. Customers see none. */
export interface Label {
  id: Id;
  /** Unique in the business; letter case does not count. */
  name: string;
  /** `#rrggbb`; null for none. */
  color: string | null;
  createdAt: Time;
}

export type LabelPage = Page<Label>;
