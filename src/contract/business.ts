/** Whether somebody answers now. */
export interface Availability {
  open: boolean;
  agentsOnline: number;
  nextOpenAt: string | null;
}

export interface Theme {
  /** The brand colour, `#rrggbb`; null is the built-in one. */
  color: string | null;
}

/** What a visitor is asked before the first message. */
export interface PreChat {
  /** The fields that must be filled in. */
  required: ('name' | 'email')[];
  consentText: string | null;
}

export interface BusinessSettings {
  /** A customer may have several rooms that are not closed. Applies to rooms opened from then on. Default false. */
  multipleRooms: boolean;
  /** Origins, beside the operator's, whose pages may use this business's API and sockets. Default none. */
  allowedOrigins: string[];
  /** How long an author may edit or delete a message, in seconds, 0 to 31,536,000. Default 900. */
  editWindowSeconds: number;
}

/** A business as everybody sees it. */
export interface PublicBusiness {
  id: string;
  slug: string;
  name: string;
  theme: Theme;
  welcomeText: string | null;
  locale: string;
  availability: Availability;
  preChat: PreChat | null;
}

/** A business as its staff see it. */
export interface Business extends PublicBusiness {
  settings: BusinessSettings;
}
