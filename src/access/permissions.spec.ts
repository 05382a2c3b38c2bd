import type { AgentScope } from '../contract/business.js';
import type { Role } from '../contract/user.js';
import { reaches, reachOf } from './permissions.js';

const who = (
  id: string,
  role: Role,
  scope: AgentScope = 'all',
  teamIds: string[] = [],
  businessId = 'shop',
): Parameters<typeof reaches>[0] => ({
  ...{ id, role, businessId, teamIds, reach: reachOf(role, scope) },
});
const room = { businessId: 'shop', customerId: 'gwen', assigneeId: 'alex', teamId: 'returns' };
const loose = { ...room, assigneeId: null, teamId: null };

describe('who reaches a room', () => {
  it.each([
    ['its guest', who('gwen', 'guest'), room, true],
    ['another guest', who('gus', 'guest'), room, false],
    ['another customer', who('cleo', 'customer'), room, false],
    ['a customer with the id of the assignee', who('alex', 'customer'), room, false],
    ['an agent who reaches all', who('sam', 'agent', 'all'), room, true],
    ['the assignee who reaches its own', who('alex', 'agent', 'own'), room, true],
    ['another agent who reaches its own', who('sam', 'agent', 'own', ['returns']), room, false],
    ['an agent of the team', who('sam', 'agent', 'team', ['sales', 'returns']), room, true],
    ['an agent of another team', who('sam', 'agent', 'team', ['sales']), room, false],
    ['the assignee who is in no team', who('alex', 'agent', 'team'), room, true],
    ['an agent of a team, for a room without one', who('sam', 'agent', 'team', ['returns']), loose, false],
    ['an agent who reaches its own, for a room of nobody', who('sam', 'agent', 'own'), loose, false],
    ['an admin, whatever agents reach', who('ada', 'admin', 'own'), room, true],
    ['an admin of another business', who('ada', 'admin', 'all', [], 'other'), room, false],
    ['the same guest of another business', who('gwen', 'guest', 'all', [], 'other'), room, false],
  ])('%s', (_, person, which, can) => expect(reaches(person, which)).toBe(can));

  it('only agents by the setting of the business', () => {
    expect(
      (['own', 'team', 'all'] as const).map((scope) =>
        (['guest', 'customer', 'agent', 'admin'] as const).map((role) => reachOf(role, scope)),
      ),
    ).toEqual([
      ['own', 'own', 'own', 'all'],
      ['own', 'own', 'team', 'all'],
      ['own', 'own', 'all', 'all'],
    ]);
  });
});
