import 'reflect-metadata';
import fc from 'fast-check';
import type { FieldError } from '../contract/error-code.js';
import { CreateRuleDto } from '../automation/rule.dto.js';
import { ChangePasswordDto, CreateAgentDto, CreateBusinessDto, GuestDto, ListSessionsQuery, UpdateMeDto } from '../auth/auth.dto.js';
import { UpdateAgentDto } from '../business/agent.dto.js';
import { UpdateBusinessDto } from '../business/business.dto.js';
import {
  AssignRoomCommand,
  EditMessageCommand,
  EmptyCommand,
  JoinRoomCommand,
  ListMessagesCommand,
  MarkCommand,
  SendMessageCommand,
  SyncRoomCommand,
  TypingCommand,
  UpdateRoomCommand,
} from '../chat/chat.dto.js';
import { ListRoomsDto } from '../inbox/inbox.dto.js';
import { OpenRoomDto } from '../room/room.dto.js';
import { rulesOf } from './compiled-rules.js';
import { faultsOf } from './payload.pipe.js';

const DTOS = [
  SendMessageCommand,
  EditMessageCommand,
  ListMessagesCommand,
  JoinRoomCommand,
  SyncRoomCommand,
  MarkCommand,
  TypingCommand,
  UpdateRoomCommand,
  AssignRoomCommand,
  OpenRoomDto,
  ListRoomsDto,
  UpdateBusinessDto,
  CreateBusinessDto,
  CreateAgentDto,
  UpdateAgentDto,
  GuestDto,
  UpdateMeDto,
  ChangePasswordDto,
  ListSessionsQuery,
  EmptyCommand,
];

const ID = '01900000-0000-7000-8000-00000000000a';

/** Values at and around the edges of the rules, and any JSON. */
const edge = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  ' ',
  'x',
  '🙂'.repeat(4000),
  '🙂'.repeat(4001),
  'x'.repeat(4000),
  'x'.repeat(4001),
  ID,
  ID.toUpperCase(),
  'public',
  'internal',
  'low',
  'open',
  'me',
  'agent',
  'a@b.example',
  'https://a.example',
  0,
  1,
  200,
  201,
  -1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  NaN,
  true,
  [],
  [ID],
  [ID, ID],
  ['x'],
  {},
  { public: 0 },
  { public: '0' },
  { public: 1, x: 1 },
  { editWindowSeconds: 5 },
  { required: ['name'] },
  { required: ['age'] },
  { name: 'Ada', email: 'a@b.example', password: 'long enough' },
);
const value = fc.oneof({ weight: 4, arbitrary: edge }, { weight: 1, arbitrary: fc.jsonValue() });
const FIELDS = [
  ...[
    'roomId',
    'messageId',
    'clientMessageId',
    'body',
    'stream',
    'attachmentIds',
    'replyTo',
    'mentions',
    'before',
    'after',
    'limit',
    'cursor',
  ],
  ...[
    'delivered',
    'read',
    'subject',
    'priority',
    'status',
    'agentId',
    'force',
    'context',
    'customerId',
    'assignee',
    'name',
    'settings',
    'preChat',
  ],
  ...[
    'admin',
    'slug',
    'email',
    'password',
    'role',
    'capacity',
    'disabled',
    'attributes',
    'business',
    'unknown',
    'locale',
    'theme',
    'avatarUrl',
  ],
];

describe('compiled rules', () => {
  it('A87 accept and refuse the same payloads as class-validator', () => {
    const seen = { accepted: 0, refused: 0 };
    for (const dto of DTOS) {
      const known = FIELDS.filter((field) => faultsOf(dto, { [field]: 1 }).every(({ message }) => message !== 'is not a known field'));
      const field = fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...known, 'unknown') },
        { weight: 1, arbitrary: fc.constantFrom(...FIELDS) },
      );
      fc.assert(
        fc.property(fc.dictionary(field, value, { maxKeys: 5, noNullPrototype: true }), (drawn) => {
          const payload = Object.fromEntries(Object.entries(drawn).filter(([, given]) => given !== undefined));
          const isAccepted = rulesOf(dto).accepts(payload);
          const paths = faultsOf(dto, payload).map(({ path }) => path);
          expect(new Set(paths).size).toBe(paths.length);
          seen[isAccepted ? 'accepted' : 'refused']++;
          expect({ dto: dto.name, payload, isAccepted }).toEqual({
            dto: dto.name,
            payload,
            isAccepted: faultsOf(dto, payload).length === 0,
          });
        }),
        { numRuns: 250, seed: 7 },
      );
    }
    expect(seen.accepted).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });

  it.each<[new () => object, Record<string, unknown>, FieldError[]]>([
    [EmptyCommand, { toString: 1 }, [{ path: 'toString', message: 'is not a known field' }]],
    [
      SyncRoomCommand,
      { roomId: ID, after: { hasOwnProperty: 1, public: 0 }, x: 1 },
      [
        { path: 'x', message: 'is not a known field' },
        { path: 'after.hasOwnProperty', message: 'is not a known field' },
      ],
    ],
    [
      CreateRuleDto,
      { name: 'x', event: 'message.created', conditions: [], actions: [{ type: 'note', value: 'x', valueOf: 1 }] },
      [{ path: 'actions.0.valueOf', message: 'is not a known field' }],
    ],
    [JoinRoomCommand, { roomId: ID, limit: 'x' }, [{ path: 'limit', message: 'must be a whole number' }]],
    [JoinRoomCommand, { roomId: ID, limit: 201 }, [{ path: 'limit', message: 'must be at most 200' }]],
    [SendMessageCommand, { clientMessageId: ID, body: 7 }, [{ path: 'body', message: 'must be text that is not all white space' }]],
    [
      SendMessageCommand,
      { clientMessageId: ID, body: ' '.repeat(4001) },
      [{ path: 'body', message: 'must be text that is not all white space' }],
    ],
    [
      SendMessageCommand,
      { clientMessageId: ID, mentions: 'x' },
      [{ path: 'mentions', message: expect.stringContaining('must be a list of at most') as string }],
    ],
    [SendMessageCommand, { clientMessageId: ID, mentions: ['x'] }, [{ path: 'mentions', message: 'must be a UUID' }]],
    [UpdateBusinessDto, { settings: 7 }, [{ path: 'settings', message: 'must be an object' }]],
    [
      UpdateBusinessDto,
      { preChat: {}, settings: { editWindowSeconds: '1' } },
      [
        { path: 'preChat.required', message: 'must be a list of at most 2 without repeats' },
        { path: 'settings.editWindowSeconds', message: 'must be a whole number' },
      ],
    ],
    [
      SyncRoomCommand,
      {},
      [
        { path: 'roomId', message: 'must be a UUID' },
        { path: 'after', message: 'must be an object' },
      ],
    ],
  ])('of %p tell one fault of each field, the most basic: %j', (dto, payload, faults) => {
    const told = faultsOf(dto, payload);
    expect(told).toHaveLength(faults.length);
    expect(told).toEqual(expect.arrayContaining(faults));
  });

  it('bring ids to lower case and leave everything else', () => {
    const payload = { roomId: ID.toUpperCase(), clientMessageId: ID, body: 'AbC', mentions: [ID.toUpperCase()] };
    expect(rulesOf(SendMessageCommand).normalise(payload)).toEqual({ roomId: ID, clientMessageId: ID, body: 'AbC', mentions: [ID] });
  });
});
