import type { Business, PublicBusiness } from '../contract/business.js';
import type { SavedView } from '../contract/inbox.js';
import type { Label } from '../contract/label.js';
import type { ActivityEntry, Attachment, WrittenEntry } from '../contract/message.js';
import type { Article } from '../contract/article.js';
import type { Rule, RuleCondition, RuleFiring, RuleTrial } from '../contract/automation.js';
import type { CannedReply } from '../contract/canned-reply.js';
import type { Mention } from '../contract/mention.js';
import type { CustomerRoom, CustomerRoomState, StaffRoom, StaffRoomState } from '../contract/room.js';
import type { Session, SignedIn, Tokens } from '../contract/session.js';
import type { Team } from '../contract/team.js';
import type { AgentUser, CustomerUser, PublicUser } from '../contract/user.js';

/** One small story that all examples of the reference tell: Gwen asks the shop where her parcel is, and Alex answers. */
export const BUSINESS_ID = '019a2b3c-0000-7000-8000-000000000001';
export const GUEST_ID = '019a2b3c-0000-7000-8000-000000000002';
export const AGENT_ID = '019a2b3c-0000-7000-8000-000000000003';
export const ROOM_ID = '019a2b3c-0000-7000-8000-000000000004';
export const MESSAGE_ID = '019a2b3c-0000-7000-8000-000000000005';
export const KEY = '4f0c1e52-7a3b-4c9d-8e6f-1a2b3c4d5e6f';
export const SESSION_ID = '019a2b3c-0000-7000-8000-000000000006';
export const REQUEST_ID = '019a2b3c-0000-7000-8000-000000000007';
export const EPOCH = '019a2b3c-0000-7000-8000-000000000008';
export const TEAM_ID = '019a2b3c-0000-7000-8000-00000000000b';
export const LABEL_ID = '019a2b3c-0000-7000-8000-00000000000d';
export const VIEW_ID = '019a2b3c-0000-7000-8000-00000000000e';
export const DECISION_ID = '019a2b3c-0000-7000-8000-00000000000c';
export const UPLOAD_ID = '019a2b3c-0000-7000-8000-00000000000d';
export const ARTICLE_ID = '019a2b3c-0000-7000-8000-0000000000a1';
export const RULE_ID = '019a2b3c-0000-7000-8000-0000000000b1';
const FIRING_ID = '019a2b3c-0000-7000-8000-0000000000b2';
export const CANNED_REPLY_ID = '019a2b3c-0000-7000-8000-00000000000d';
export const CURSOR = 'WyIwMTlhMmIzYy0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDYiXQ';
export const NOW = '2026-11-20T10:00:00.000Z';
export const LATER = '2026-11-20T10:15:00.000Z';
export const PASSWORD = 'correct horse battery';
export const CODE = '287082';

export const guest: PublicUser = { id: GUEST_ID, role: 'guest', name: 'Gwen', avatarUrl: null };
export const alex: PublicUser = { id: AGENT_ID, role: 'agent', name: 'Alex', avatarUrl: null };

const known = {
  email: null,
  username: null,
  externalId: null,
  attributes: {},
  verified: false,
  lastSeenAt: NOW,
  createdAt: NOW,
};

export const customer: CustomerUser = { ...guest, ...known, role: 'guest', presence: 'online', blocked: false, labels: [] };
export const agent: AgentUser = {
  ...alex,
  ...known,
  role: 'agent',
  email: 'alex@shop.example',
  presence: 'online',
  capacity: 5,
  load: 1,
  teamIds: [],
  disabled: false,
};
export const label: Label = { id: LABEL_ID, name: 'VIP', color: '#d4af37', createdAt: NOW };
export const savedView: SavedView = {
  id: VIEW_ID,
  name: 'Urgent',
  filter: { status: 'open,pending', priority: 'urgent' },
  sort: 'waiting',
  shared: true,
  missing: [],
  count: 3,
  createdAt: NOW,
};
export const team: Team = { id: TEAM_ID, name: 'Returns', agentIds: [AGENT_ID], createdAt: NOW };
export const admin: AgentUser = { ...agent, role: 'admin', name: 'Ada', email: 'ada@shop.example', capacity: null, load: 0 };

export const tokens: Tokens = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJ0eXAiOiJhY2Nlc3MifQ.c2lnbmF0dXJl',
  refreshToken: 'Zm9yIG9uZSB1c2U',
  tokenType: 'Bearer',
  expiresIn: 900,
};
export const signedIn: SignedIn = { user: guest, ...tokens };
export const session: Session = {
  id: SESSION_ID,
  createdAt: NOW,
  lastUsedAt: NOW,
  expiresAt: '2026-12-04T10:00:00.000Z',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  current: true,
};

export const publicBusiness: PublicBusiness = {
  id: BUSINESS_ID,
  slug: 'shop',
  name: 'The Shop',
  theme: { color: '#1a2b3c', logoUrl: null },
  welcomeText: 'How can we help?',
  locale: 'en',
  availability: { open: true, agentsOnline: 1, nextOpenAt: null },
  preChat: null,
};
export const business: Business = {
  ...publicBusiness,
  settings: {
    agentScope: 'all',
    routing: { mode: 'pool', lastAgentFirst: true, giveBackAfterSeconds: 300 },
    ai: { enabled: false, engine: 'faq', help: false, instructions: null, baseUrl: null, model: null, roomTokens: null, dayTokens: null },
    autoReplies: {
      welcome: null,
      away: null,
      afterHours: null,
      idle: null,
      idleMinutes: null,
      idleCloseMinutes: null,
      remindMinutes: null,
      mailMinutes: 10,
    },
    multipleRooms: false,
    allowedOrigins: ['https://shop.example'],
    editWindowSeconds: 900,
    secondFactorRequired: false,
    identityRequired: false,
    hours: { timeZone: 'Europe/Berlin', weekly: [{ day: 1, from: '09:00', to: '18:00' }], holidays: ['2026-12-25'] },
  },
};

export const message: WrittenEntry = {
  id: MESSAGE_ID,
  roomId: ROOM_ID,
  stream: 'public',
  seq: 1,
  kind: 'text',
  clientMessageId: KEY,
  sender: guest,
  body: 'Hello, where is my parcel?',
  attachments: [],
  replyTo: null,
  mentions: [],
  activity: null,
  targetSeq: null,
  ai: false,
  createdAt: NOW,
  editedAt: null,
  deletedAt: null,
};
export const attachment: Attachment = {
  id: UPLOAD_ID,
  name: 'parcel.jpg',
  mime: 'image/jpeg',
  size: 48_213,
  width: 1200,
  height: 900,
  url: `https://chat.shop.example/api/uploads/${UPLOAD_ID}?expires=1795687500&signature=TmlnaHQgb2YgdGhlIHBhcmNlbHM`,
  thumbnailUrl: `https://chat.shop.example/api/uploads/${UPLOAD_ID}/thumbnail?expires=1795687500&signature=QSBzbWFsbCBwYXJjZWwgYXQgbmln`,
};
export const edited: WrittenEntry = { ...message, body: 'Hello, where is my red parcel?', editedAt: LATER };
export const deleted: WrittenEntry = { ...message, body: null, deletedAt: LATER };
export const activity: ActivityEntry = {
  ...message,
  id: '019a2b3c-0000-7000-8000-000000000009',
  seq: 2,
  kind: 'activity',
  clientMessageId: null,
  sender: null,
  body: null,
  activity: { type: 'assigned', actor: alex, assignee: alex },
};

const roomFields = {
  id: ROOM_ID,
  businessId: BUSINESS_ID,
  epoch: EPOCH,
  status: 'open',
  subject: 'My parcel',
  aiEnabled: false,
  lastSeq: 1,
  lastMessage: message,
  marks: [{ userId: GUEST_ID, deliveredSeq: 1, readSeq: 1 }],
  rating: null,
  createdAt: NOW,
  closedAt: null,
} as const;
const staffFields = {
  customer,
  priority: 'normal',
  labels: [],
  teamId: null,
  overrides: {},
  context: { page: 'https://shop.example/orders' },
  internalLastSeq: 0,
  internalMarks: [],
  snoozedUntil: null,
  updatedAt: NOW,
} as const;

export const customerRoomState = {
  ...roomFields,
  marks: [...roomFields.marks],
  customer: guest,
  assignee: null,
} satisfies CustomerRoomState;
export const customerRoom: CustomerRoom = { ...customerRoomState, unread: 0, queuePosition: 1 };
export const staffRoomState: StaffRoomState = {
  ...roomFields,
  ...staffFields,
  marks: [...roomFields.marks],
  labels: [],
  internalMarks: [],
  assignee: agent,
};
export const staffRoom: StaffRoom = { ...staffRoomState, unread: 1, queuePosition: null };
export const closedRoom: StaffRoom = { ...staffRoom, status: 'closed', closedAt: LATER };

const ada: PublicUser = { id: '019a2b3c-0000-7000-8000-00000000000e', role: 'admin', name: 'Ada', avatarUrl: null };
export const mention: Mention = { message: { ...message, sender: ada, mentions: [AGENT_ID], stream: 'internal' }, room: staffRoom };
export const article: Article = {
  id: ARTICLE_ID,
  title: 'How long does shipping take?',
  body: 'Parcels take **two to three days** within the country.',
  public: true,
  createdAt: NOW,
  updatedAt: NOW,
};
export const cannedReply: CannedReply = {
  id: CANNED_REPLY_ID,
  shortcut: 'hello',
  body: 'Hello {{customer.name|there}}, {{agent.name}} here. How can I help?',
  createdAt: NOW,
  updatedAt: NOW,
};

const onSender: RuleCondition = { field: 'message.sender', operator: 'is', values: ['guest', 'customer'] };
const onWords: RuleCondition = { field: 'message.body', operator: 'contains', values: ['refund', 'money back'] };

export const triedRule = {
  event: 'message.created',
  conditions: [onSender, onWords],
  actions: [
    { type: 'priority', value: 'urgent' },
    { type: 'reply', value: 'We look into it right away, {{customer.name|one moment please}}.' },
  ],
} satisfies Pick<Rule, 'event' | 'conditions' | 'actions'>;

export const rule: Rule = { id: RULE_ID, name: 'Refunds are urgent', enabled: true, ...triedRule, createdAt: NOW, updatedAt: NOW };

export const ruleTrial: RuleTrial = {
  entryId: MESSAGE_ID,
  matches: false,
  conditions: [
    { ...onSender, found: ['guest'], holds: true },
    { ...onWords, found: ['Where is my parcel?'], holds: false },
  ],
  actions: [
    { type: 'priority', value: 'urgent' },
    { type: 'reply', value: 'We look into it right away, Gwen.' },
  ],
};

export const ruleFiring: RuleFiring = {
  id: FIRING_ID,
  at: NOW,
  ruleId: RULE_ID,
  ruleName: rule.name,
  roomId: ROOM_ID,
  event: 'message.created',
  entryId: MESSAGE_ID,
  stopped: false,
  actions: [
    { type: 'priority', value: 'urgent', error: null },
    { type: 'label', value: 'refund', error: 'label.not_found' },
  ],
};
