import type { OperationsOf } from './operation.js';
import { article, ARTICLE_ID, CANNED_REPLY_ID, cannedReply, CURSOR, mention, ROOM_ID } from './examples.js';

const ARTICLE = ['article.not_found'] as const;
const REPLY = ['canned_reply.not_found'] as const;
const SAVED = ['message.too_long', 'canned_reply.shortcut_taken'] as const;
const VARIABLES =
  'The body may name `{{customer.name}}`, `{{customer.email}}`, `{{agent.name}}`, `{{business.name}}` and `{{room.subject}}`, each with something to say when that is not known, such as `{{customer.name|there}}`. Other names are refused.';

/** What helps staff answer: where somebody called them, and texts that they write again and again. */
export const REPLY_OPERATIONS: OperationsOf<'mention' | 'canned_reply' | 'article'> = {
  'mention.list': {
    summary: 'List where one is mentioned',
    description: 'The messages of others that name the caller in rooms that it reaches, the newest first, without those that were deleted.',
    answer: 'MentionPage',
    example: { items: [mention], nextCursor: CURSOR },
  },
  'canned_reply.list': {
    summary: 'List canned replies',
    description: 'By their shortcuts. `q` is looked for as it is, in shortcut and body; letter case does not count.',
    request: { q: 'hel' },
    answer: 'CannedReplyPage',
    example: { items: [cannedReply], nextCursor: CURSOR },
  },
  'canned_reply.get': {
    summary: 'Show a canned reply',
    description: 'As it was written.',
    errors: REPLY,
    request: { id: CANNED_REPLY_ID },
    answer: 'CannedReply',
    example: cannedReply,
  },
  'canned_reply.create': {
    summary: 'Make a canned reply',
    description: `${VARIABLES} The shortcut is kept in lower case. A business has at most 1,000.`,
    errors: [...SAVED, 'canned_reply.too_many'],
    request: { shortcut: cannedReply.shortcut, body: cannedReply.body },
    answer: 'CannedReply',
    example: cannedReply,
  },
  'canned_reply.update': {
    summary: 'Change a canned reply',
    description: `Changes what is named and leaves the rest. ${VARIABLES}`,
    errors: [...REPLY, ...SAVED],
    request: { id: CANNED_REPLY_ID, body: cannedReply.body },
    answer: 'CannedReply',
    example: cannedReply,
  },
  'canned_reply.delete': {
    summary: 'Delete a canned reply',
    description: 'What was sent with it stays.',
    errors: REPLY,
    request: { id: CANNED_REPLY_ID },
    answer: null,
  },
  'canned_reply.render': {
    summary: 'Fill a canned reply in',
    description:
      'For a room within reach and whoever asks. Nothing is sent. What is put in stands there as it is. A text that comes out longer than a message may be is refused.',
    errors: [...REPLY, 'room.not_found', 'message.too_long'],
    request: { id: CANNED_REPLY_ID, roomId: ROOM_ID },
    answer: 'RenderedReply',
    example: { body: 'Hello Gwen, Alex here. How can I help?' },
  },
  'article.list': {
    summary: 'List articles',
    description: 'The newest first. `q` is looked for as it is, in title and text; letter case does not count.',
    request: { q: 'shipping' },
    answer: 'ArticlePage',
    example: { items: [article], nextCursor: CURSOR },
  },
  'article.get': {
    summary: 'Show an article',
    description: 'As it was written.',
    errors: ARTICLE,
    request: { id: ARTICLE_ID },
    answer: 'Article',
    example: article,
  },
  'article.create': {
    summary: 'Write an article',
    description:
      'The machine answers customers from those that are public, and names the one that it used; the others help staff alone. A business has at most 1,000.',
    errors: ['article.limit_reached'],
    request: { title: article.title, body: article.body, public: true },
    answer: 'Article',
    example: article,
  },
  'article.update': {
    summary: 'Change an article',
    description: 'Changes what is named and leaves the rest.',
    errors: ARTICLE,
    request: { id: ARTICLE_ID, public: false },
    answer: 'Article',
    example: { ...article, public: false },
  },
  'article.delete': {
    summary: 'Delete an article',
    description: 'What was answered with it stays.',
    errors: ARTICLE,
    request: { id: ARTICLE_ID },
    answer: null,
  },
};
