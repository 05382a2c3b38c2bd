import type { Message } from '../contract/message.js';
import { turnOf } from './turn.js';

const guest = { id: 'gwen', role: 'guest', name: 'Gwen', avatarUrl: null };
const alex = { id: 'alex', role: 'agent', name: 'Alex', avatarUrl: null };
const bot = { id: 'bot', role: 'bot', name: 'Assistant', avatarUrl: null };

const entry = (parts: object): Message =>
  ({ kind: 'text', sender: null, body: null, activity: null, ai: false, deletedAt: null, ...parts }) as unknown as Message;
const asks = (body: string | null, more: object = {}): Message => entry({ sender: guest, body, ...more });
const answers = (body: string): Message => entry({ sender: bot, body, ai: true });
const agentSays = (body: string): Message => entry({ sender: alex, body });
const line = (type: string): Message => entry({ kind: 'activity', activity: { type, actor: null } });

describe('P14 whose turn it is', () => {
  it.each<[string, Message[], object]>([
    ['nobody’s in an empty room', [], { kind: 'rest' }],
    ['the machine’s after a question', [asks('When?')], { kind: 'ask', text: 'When?', before: [] }],
    ['one turn for several messages', [asks('Hi'), line('ai_enabled'), asks('When?')], { kind: 'ask', text: 'Hi\nWhen?', before: [] }],
    [
      'the machine’s after its own answer',
      [asks('Hi'), answers('Hello'), asks('When?')],
      {
        kind: 'ask',
        text: 'When?',
        before: [
          { by: 'customer', text: 'Hi' },
          { by: 'machine', text: 'Hello' },
        ],
      },
    ],
    ['nobody’s after its answer', [asks('When?'), answers('Now')], { kind: 'rest' }],
    ['nobody’s when the question is taken back', [asks(null, { deletedAt: 'now' })], { kind: 'rest' }],
    ['a person’s when there is nothing to read', [asks(null, { kind: 'image' })], { kind: 'unreadable' }],
    ['the agent’s who spoke last', [asks('Hi'), agentSays('Hello'), asks('When?')], { kind: 'silence', agentId: 'alex' }],
    ['the agent’s who spoke before', [agentSays('Hello'), asks('Hi'), answers('Oh'), asks('When?')], { kind: 'silence', agentId: 'alex' }],
    [
      'the machine’s when it was switched on since',
      [asks('Hi'), agentSays('Hello'), line('ai_disabled'), line('ai_enabled'), asks('When?')],
      {
        kind: 'ask',
        text: 'When?',
        before: [
          { by: 'customer', text: 'Hi' },
          { by: 'staff', text: 'Hello' },
        ],
      },
    ],
    [
      'the machine’s after an edit',
      [asks('When?'), entry({ kind: 'edit', sender: guest, body: 'When?' })],
      { kind: 'ask', text: 'When?', before: [] },
    ],
  ])('%s', (_, entries, turn) => expect(turnOf(entries)).toEqual(turn));
});
