import type { JsonSchema } from '../validation/rules.js';

/** What a field means that says nothing of itself, by its name: one name is one thing everywhere. */
export const FIELDS: Record<string, string> = {
  activity: 'What happened to the room; null for every other kind.',
  admin: 'The first admin.',
  after: 'Only what comes after this.',
  agentId: 'The agent to hand the room to; null for the queue.',
  agentsOnline: 'How many of those who answer are online.',
  allowedOrigins: "Origins, beside the operator's, whose pages may use this business's API and sockets.",
  assignee: 'Who holds the room; in a list `me`, `none` or the id of an agent.',
  attachmentIds: 'The files to attach, by their ids.',
  attributes: 'Facts about the person, of free form, as the site tells them.',
  availability: 'Whether somebody answers now.',
  avatarUrl: 'A picture on the web; null for none.',
  before: 'Only entries before this number.',
  body: 'The text. Markdown is allowed, and nothing is changed in it.',
  business: 'The business, by its slug or id.',
  businessId: 'The business it belongs to.',
  capacity: 'How many unclosed rooms the agent may hold; null is unlimited.',
  checks: 'What was asked.',
  clientMessageId: 'A UUID that the sender makes for each message, and sends again with every try.',
  closedAt: 'When it was closed.',
  code: 'What went wrong, for programs.',
  color: 'The brand colour, `#rrggbb`; null is the built-in one.',
  comment: 'What the customer said about it.',
  consentText: 'What the visitor agrees to by writing.',
  context: 'Where the customer came from, of free form, as the site tells it.',
  createdAt: 'When it was made.',
  currentPassword: 'The present password.',
  cursor: 'The `nextCursor` of the page before.',
  customer: 'Whose room it is.',
  customerId: 'Staff only, who must name it: the customer to open the room for.',
  database: 'Whether the database answers.',
  deliveredSeq: 'The highest number that was delivered.',
  delivered: 'The highest number that was delivered.',
  disabled: 'Whether the person may not sign in.',
  editWindowSeconds: 'How long an author may edit or delete a message, in seconds.',
  email: 'The e-mail address. Letter case, compatibility characters and space around it do not count.',
  epoch: 'The epoch in which the numbers were read.',
  expiresAt: 'When it ends.',
  force: 'An admin may go over the capacity of the agent.',
  hasMore: 'Whether there is more in the direction asked for.',
  height: 'In pixels, of an image.',
  id: 'Its id.',
  internal: 'The last number read of the internal stream.',
  items: 'What was found.',
  kind: 'What sort of entry it is.',
  labels: 'The labels on it.',
  limit: 'How many at most.',
  locale: 'The language of its pages, a tag such as `en` or `pt-BR`.',
  mentions: 'The agents to call, by their ids.',
  message: 'A sentence for people.',
  messageId: 'The message.',
  messages: 'How many messages.',
  mime: 'The media type.',
  multipleRooms: 'Whether a customer may have several rooms that are not closed.',
  name: 'The name to show.',
  newPassword: 'The new password: at least 8 characters, and none that is easy to guess.',
  nextCursor: 'What to send as `cursor` for the next page; null on the last one.',
  online: 'Only those who are online, or only those who are not.',
  open: 'Whether it is open now.',
  overrides: 'What staff set for this room alone.',
  password: 'The password, exactly as it was typed.',
  path: 'Where the fault is: names with dots between them; empty for the payload itself.',
  preChat: 'What a visitor is asked before the first message; null for nothing.',
  presence: 'Whether the person is there.',
  priority: 'How urgent it is.',
  public: 'The last number read of the public stream.',
  rating: 'What the customer thought of it; null for nothing.',
  read: 'The highest number that was read.',
  readSeq: 'The highest number that was read.',
  reason: 'Why.',
  refreshToken: 'The refresh token.',
  replyTo: 'The message that this one answers.',
  required: 'The fields that must be filled in.',
  role: 'What the person is here.',
  room: 'The room.',
  roomId: 'The room.',
  score: 'From 1, bad, to 5, good.',
  sender: 'Who wrote it; null for an activity.',
  settings: 'What its admins decide.',
  slug: 'The readable name in addresses: lower-case letters, digits and inner hyphens.',
  snoozedUntil: 'When it wakes; null when it does not sleep.',
  status: 'How it stands.',
  stream: '`public` is read by the customer and staff, `internal` by staff alone.',
  subject: 'What it is about; null for nothing.',
  targetSeq: 'The number of the entry that was changed; null for every other kind.',
  teamId: 'The team it belongs to.',
  teamIds: 'The teams of the person.',
  theme: 'How its pages look.',
  thumbnailUrl: 'A small picture of it.',
  timestamp: 'When this was said.',
  token: 'A fresh access token.',
  tokenType: 'How the access token is sent.',
  type: 'What happened.',
  updatedAt: 'When something last changed.',
  user: 'The person.',
  userId: 'The person.',
  username: 'A name to sign or be mentioned with; null for none.',
  version: 'The version of the server.',
  welcomeText: 'What a visitor reads first; null for nothing.',
  width: 'In pixels, of an image.',
  at: 'When it was set.',
  by: 'Who set it.',
  value: 'What it was set to.',
};

/** Fields whose name means something else in one place. */
const EXCEPTIONS: Record<string, string> = {
  'PreChat.required': 'The fields that must be filled in.',
  'CreateBusiness.name': 'The name of the business.',
  'UpdateBusiness.name': 'The name of the business.',
  'SetPresence.status': 'The status to show.',
  'ListPresence.role': 'Only people of this role.',
  'ListRooms.status': 'Only rooms in this status.',
  'ListRooms.assignee': 'Only rooms of this agent: `me`, `none` or the id of one.',
  'UpdateRoom.status': '`pending` puts the room aside, `open` brings it back.',
  'ResetPassword.token': 'What stands behind `#token=` in the mailed link.',
  'ResetPassword.password': 'The new password: at least 8 characters, and none that is easy to guess.',
  'CreateAgent.password': 'The password, exactly as it was typed; without it the person is invited by mail to choose one.',
  'Register.role': 'Another role than customer takes the credential of an admin.',
};

/** @throws Error for a field that nobody described. */
const describe = (type: string, name: string): string => {
  const description = EXCEPTIONS[`${type}.${name}`] ?? FIELDS[name];
  if (description === undefined) throw new Error(`Nobody described the field ${type}.${name}: see src/reference/fields.ts`);
  return description;
};

/** The schema of a type with a description on each of its fields, and on the fields of what stands inside it. */
export const describeFields = (type: string, schema: JsonSchema): JsonSchema => {
  const { additionalProperties: others, properties } = schema as {
    additionalProperties?: unknown;
    properties?: Record<string, JsonSchema>;
  };
  const inside = typeof others === 'object' ? { additionalProperties: describeFields(type, others as JsonSchema) } : {};
  if (properties === undefined) return { ...schema, ...inside };
  const described = Object.entries(properties).map(([name, field]): [string, JsonSchema] => [
    name,
    { ...describeFields(name, field), description: field.description ?? describe(type, name) },
  ]);
  return { ...schema, ...inside, properties: Object.fromEntries(described) };
};
