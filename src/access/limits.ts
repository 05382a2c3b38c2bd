import { isStaffRole, type Role } from '../contract/user.js';

/** Calls that a bucket takes in `seconds`, of which `burst` at once. */
export interface Limit {
  calls: number;
  seconds: number;
  burst: number;
}

const per = (seconds: number, calls: number, burst = calls): Limit => ({ calls, seconds, burst });
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** What one person, or without a credential one network, see `networkOf`, may do. `RATE_LIMIT_FACTOR` multiplies all of it. */
export const LIMITS = {
  general: per(MINUTE, 300),
  anonymous: per(MINUTE, 60),
  health: per(MINUTE, 600),
  register: per(HOUR, 5),
  login: per(MINUTE, 20),
  loginAccount: per(MINUTE, 5),
  /** Wrong codes of a second factor; a right one does not count. */
  codeAccount: per(DAY, 20, 10),
  forgot: per(HOUR, 20),
  /** Mails that somebody without a credential, or an admin, has sent to one person. */
  mailAccount: per(HOUR, 3),
  /** Invitations by all admins of a business: a mail server is soon blocked for more. */
  invitation: per(HOUR, 100),
  guest: per(MINUTE, 10),
  refresh: per(MINUTE, 30),
  sendGuest: per(MINUTE, 20, 10),
  sendStaff: per(MINUTE, 120, 10),
  upload: per(MINUTE, 20),
  /** Files and thumbnails: pages load many of them at once, and by signed URLs, without a credential. */
  download: per(MINUTE, 600),
  typing: per(MINUTE, 60),
  /** By network, whoever it is: an office whose server was restarted comes back at once, and a second time. */
  handshake: per(MINUTE, 600, 200),
  join: per(MINUTE, 60),
  sync: per(MINUTE, 60),
  search: per(MINUTE, 30),
  /** Transcripts: each reads a whole room. */
  export: per(MINUTE, 20, 5),
  /** Texts that staff ask a machine for. */
  ai: per(MINUTE, 20, 5),
  /** Events of one socket, whatever they are: past it the socket is cut. */
  flood: per(MINUTE, 3000),
} as const satisfies Record<string, Limit>;

export type BucketName = keyof typeof LIMITS;

/** What several servers count together, so that more servers are not more tries. All else is counted by each for itself. */
const SHARED: ReadonlySet<BucketName> = new Set([
  'register',
  'login',
  'loginAccount',
  'codeAccount',
  'forgot',
  'mailAccount',
  'invitation',
  'guest',
]);

export const isShared = (bucket: BucketName): boolean => SHARED.has(bucket);

/** What a command names; `send` is another bucket for staff than for customers. */
export type LimitName =
  | Exclude<
      BucketName,
      'sendGuest' | 'sendStaff' | 'anonymous' | 'handshake' | 'flood' | 'loginAccount' | 'codeAccount' | 'mailAccount' | 'invitation'
    >
  | 'send';

export const bucketFor = (limit: LimitName | undefined, role: Role | undefined): BucketName => {
  if (limit === 'send') return role && isStaffRole(role) ? 'sendStaff' : 'sendGuest';
  return limit ?? (role ? 'general' : 'anonymous');
};

/** Open sockets, and rooms that a socket may join. `RATE_LIMIT_FACTOR` multiplies them too. */
export const SOCKETS_PER_STAFF = 10;
export const SOCKETS_PER_CUSTOMER = 4;
export const SOCKETS_PER_ADDRESS = 100;
export const ROOMS_PER_SOCKET = 200;
/** Of all networks together: more than that are told to come back. */
export const HANDSHAKES_PER_SECOND = 500;
