import { agentDeeds, changesBetween } from './deeds.js';
import type { User } from './user.entity.js';

const agent = { id: 'alex', role: 'agent', name: 'Alex', email: 'a@b.example', capacity: null, teamIds: ['t'], disabled: false } as User;
const target = { targetType: 'user', targetId: 'alex' };

describe('what differs between two states', () => {
  it('stands under its dotted name, also where one of them has nothing there', () => {
    expect(changesBetween({ a: 1, b: { c: { d: [1] } }, same: { x: null } }, { a: 1, b: { c: { d: [2] } }, same: { x: null } })).toEqual({
      'b.c.d': { from: [1], to: [2] },
    });
    expect(changesBetween({ chat: null }, { chat: { text: 'Hi' } })).toEqual({ 'chat.text': { from: null, to: 'Hi' } });
    expect(changesBetween({}, { a: false })).toEqual({ a: { from: null, to: false } });
  });
});

describe('the deeds of a changed agent', () => {
  it.each<[string, Parameters<typeof agentDeeds>[1], unknown[]]>([
    ['nothing given', {}, []],
    ['nothing new', { name: 'Alex', teamIds: ['t'], disabled: false }, []],
    ['a name and an address', { name: 'Al', email: 'c@d.example' }, [['agent.updated', { fields: ['name', 'email'] }]]],
    ['a role', { role: 'admin' }, [['agent.updated', { fields: ['role'], role: { from: 'agent', to: 'admin' } }]]],
    ['teams', { teamIds: [] }, [['agent.updated', { fields: ['teamIds'], teamIds: { from: ['t'], to: [] } }]]],
    ['an end', { disabled: true }, [['agent.disabled', undefined]]],
    [
      'both',
      { capacity: 3, disabled: true },
      [
        ['agent.updated', { fields: ['capacity'] }],
        ['agent.disabled', undefined],
      ],
    ],
  ])('%s', (_, changes, deeds) => {
    expect(agentDeeds(agent, changes)).toEqual((deeds as [string, unknown][]).map(([action, details]) => ({ action, ...target, details })));
  });

  it('is an end only once', () => {
    expect(agentDeeds({ ...agent, disabled: true }, { disabled: true })).toEqual([]);
    expect(agentDeeds({ ...agent, disabled: true }, { disabled: false })).toEqual([{ action: 'agent.enabled', ...target }]);
  });
});
