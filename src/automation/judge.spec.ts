import type { RuleOperator } from '../contract/automation.js';
import { holds } from './judge.js';

const FACTS = new Map([
  ['message.body', ['Where is my REFUND?']],
  ['room.label', ['VIP', 'Été']],
  ['room.assignee', []],
]);

describe('K8 a condition', () => {
  it.each<[string, RuleOperator, string[], boolean]>([
    ['message.body', 'contains', ['refund'], true],
    ['message.body', 'contains', ['money', 'refund'], true],
    ['message.body', 'contains', ['money'], false],
    ['message.body', 'contains_not', ['money'], true],
    ['message.body', 'contains_not', ['money', 'where'], false],
    ['message.body', 'begins', ['where'], true],
    ['message.body', 'begins', ['is'], false],
    ['message.body', 'is', ['where is my refund?'], true],
    ['room.label', 'is', ['vip'], true],
    ['room.label', 'is', ['e\u0301te\u0301'], true],
    ['room.label', 'is_not', ['vip'], false],
    ['room.label', 'is_not', ['other'], true],
    ['room.label', 'is_set', [], true],
    ['room.assignee', 'is_set', [], false],
    ['room.assignee', 'is_unset', [], true],
    ['room.assignee', 'is', ['x'], false],
    ['room.assignee', 'is_not', ['x'], true],
    ['context.offline', 'is', ['true'], false],
    ['message.body', 'contains', ['.*'], false],
  ])('%s %s %j: %s', (field, operator, values, expected) => {
    expect(holds({ field, operator, values }, FACTS)).toBe(expected);
  });

  it('A50 takes no time over long texts', () => {
    const facts = new Map([['message.body', ['a'.repeat(4_000)]]]);
    const since = performance.now();
    for (let i = 0; i < 100; i++)
      holds({ field: 'message.body', operator: 'contains', values: Array.from({ length: 20 }, () => `${'a'.repeat(199)}b`) }, facts);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});
