import type { Command } from '../access/permissions.js';
import { VERSION } from '../config/version.js';
import { BUSINESS_OPERATIONS } from './business-operations.js';
import { AUTH_OPERATIONS } from './auth-operations.js';
import { MESSAGE_OPERATIONS } from './message-operations.js';
import { ROOM_OPERATIONS } from './room-operations.js';
import { CUSTOMER_OPERATIONS } from './customer-operations.js';
import { INBOX_OPERATIONS } from './inbox-operations.js';
import { DRAFT_OPERATIONS } from './draft-operations.js';
import { NOW } from './examples.js';
import { REPORT_OPERATIONS } from './report-operations.js';
import { UPLOAD_OPERATIONS } from './upload-operations.js';
import type { Operation, OperationsOf } from './operation.js';
import { SEARCH_OPERATIONS } from './search-operations.js';
import { RULE_OPERATIONS } from './rule-operations.js';
import { REPLY_OPERATIONS } from './reply-operations.js';

/** Where the reference is switched off, its routes do not exist. */
const OFF = ['route.not_found'] as const;

const SERVER_OPERATIONS: OperationsOf<'server' | 'reference'> = {
  'server.card': {
    summary: 'Say which server this is',
    description: 'A first sign of life. A browser, which prefers `text/html`, gets the start page.',
    otherwise: { 'text/html': '<!doctype html>' },
    answer: 'ServerCard',
    example: { status: 'ok', name: 'parley', version: VERSION },
  },
  'server.health': {
    summary: 'Tell how the server is',
    description: 'Looks at what can be wrong, at nothing for more than two seconds. Answers 200 also when something is, and says what.',
    answer: 'Health',
    example: {
      status: 'ok',
      timestamp: NOW,
      uptime: 3600,
      version: VERSION,
      checks: { database: 'ok', disk: 'ok', mail: 'ok', delivery: 'ok' },
    },
  },
  'server.live': {
    summary: 'Tell that the process runs',
    description: 'Asks nothing. For whoever restarts a process that hangs.',
    answer: 'Alive',
    example: { status: 'ok' },
  },
  'server.ready': {
    summary: 'Tell whether requests are welcome',
    description: 'Asks the database; 503 when it is gone or the server is about to stop. For whoever spreads the load.',
    answer: 'Alive',
    example: { status: 'ok' },
  },
  'server.metrics': {
    summary: 'Tell figures for Prometheus',
    description:
      'What is counted, in the text format of Prometheus; see `docs/metrics.md`. With the setting `METRICS_TOKEN` it must be sent as a bearer token. Without one the figures are open outside production, and there is no such route in it.',
    errors: ['auth.required', 'auth.invalid_credentials', 'route.not_found'],
    answer: { mediaType: 'text/plain' },
    example: 'parley_sockets{role="guest"} 12',
  },
  'reference.page': {
    summary: 'Show this reference',
    description: 'The page on which the REST API can be read and tried.',
    errors: OFF,
    answer: { mediaType: 'text/html' },
    example: '<!doctype html>',
  },
  'reference.style': {
    summary: 'Load a style sheet of the reference',
    description: 'For the pages of the reference.',
    errors: OFF,
    answer: { mediaType: 'text/css' },
    example: '.swagger-ui { color: #3b4151 }',
  },
  'reference.script': {
    summary: 'Load a script of the reference',
    description: 'For the pages of the reference.',
    errors: OFF,
    answer: { mediaType: 'text/javascript' },
    example: 'SwaggerUIBundle({ url: "/openapi.json" });',
  },
  'reference.events': {
    summary: 'Show the reference of the sockets',
    description: 'The page of every command and event.',
    errors: OFF,
    answer: { mediaType: 'text/html' },
    example: '<!doctype html>',
  },
  'reference.openapi': {
    summary: 'Load the OpenAPI document',
    description: 'Everything about REST, for programs.',
    errors: OFF,
    answer: { mediaType: 'application/json' },
    example: { openapi: '3.1.0' },
  },
  'reference.asyncapi': {
    summary: 'Load the AsyncAPI document',
    description: 'Everything about the sockets, for programs.',
    errors: OFF,
    answer: { mediaType: 'application/json' },
    example: { asyncapi: '3.0.0' },
  },
};

/** What the documents say of each command, the same on both doors. */
export const OPERATIONS: Record<Command, Operation> = {
  ...SERVER_OPERATIONS,
  ...AUTH_OPERATIONS,
  ...BUSINESS_OPERATIONS,
  ...CUSTOMER_OPERATIONS,
  ...INBOX_OPERATIONS,
  ...DRAFT_OPERATIONS,
  ...ROOM_OPERATIONS,
  ...MESSAGE_OPERATIONS,
  ...REPORT_OPERATIONS,
  ...SEARCH_OPERATIONS,
  ...UPLOAD_OPERATIONS,
  ...REPLY_OPERATIONS,
  ...RULE_OPERATIONS,
};

/** The first part of a command's name, and what the commands behind it are about. */
export const TAGS: Record<string, string> = {
  server: 'Whether the server runs and works.',
  reference: 'This reference.',
  business: 'Businesses and their settings.',
  auth: 'Signing in, sessions and the own profile.',
  agent: 'The people who answer.',
  customer: 'Guests and customers, as staff know them.',
  audit: 'Who did what.',
  team: 'Agents who answer the same rooms.',
  label: 'Words that staff put on rooms and customers.',
  view: 'Lists of rooms under names.',
  presence: 'Who is online.',
  room: 'Conversations with customers.',
  message: 'What is said in a room.',
  draft: 'What people have begun to write.',
  ai: 'The machine that answers.',
  upload: 'Files in messages.',
  mention: 'Where somebody calls an agent.',
  canned_reply: 'Texts that staff write again and again.',
  article: 'What the business knows: answers for its machine and its staff.',
  rule: 'What is done by itself.',
  typing: 'Who is writing.',
  report: 'How the business does.',
  search: 'Looking for what was said, and for whom.',
};

export const tagOf = (command: string): string => command.split('.')[0] ?? command;
