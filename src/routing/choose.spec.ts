import fc from 'fast-check';
import { PRESENCE_STATUSES } from '../contract/presence.js';
import { choose, type Candidate, type RoutingFacts } from './choose.js';

const AT = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const agent = (agentId: string, rest: Partial<Candidate> = {}): Candidate => ({
  ...{ agentId, presence: 'online' as const, capacity: null, load: 0, idleSince: AT(0), teamIds: [] },
  ...rest,
});
const facts = (candidates: Candidate[], rest: Partial<RoutingFacts> = {}): RoutingFacts => ({
  ...{ mode: 'auto' as const, teamId: null, pinnedAgentId: null, lastAgentId: null, declinedById: null, candidates },
  ...rest,
});

describe('who gets a waiting room', () => {
  it.each<[string, RoutingFacts, string | null, string | null, string]>([
    ['nobody, where nobody is', facts([]), null, null, ''],
    ['the only one', facts([agent('a')]), 'a', 'least_loaded', 'chosen'],
    ['the least loaded', facts([agent('a', { load: 2 }), agent('b', { load: 1 })]), 'b', 'least_loaded', 'more_loaded chosen'],
    [
      'of the least loaded who has been idle longest',
      facts([agent('a', { idleSince: AT(5) }), agent('b', { idleSince: AT(3) }), agent('c', { load: 1 })]),
      'b',
      'longest_idle',
      'less_idle chosen more_loaded',
    ],
    ['the lower id, where nothing else tells them apart', facts([agent('b'), agent('a')]), 'a', 'longest_idle', 'less_idle chosen'],
    [
      'nobody who is away, busy, hidden or full',
      facts([
        agent('a', { presence: 'away' }),
        agent('b', { presence: 'busy' }),
        agent('c', { presence: 'offline' }),
        agent('d', { capacity: 2, load: 2 }),
        agent('e', { capacity: 0 }),
      ]),
      null,
      null,
      'away busy offline at_capacity at_capacity',
    ],
    ['one who went over the capacity by force gets no more', facts([agent('a', { capacity: 1, load: 2 })]), null, null, 'at_capacity'],
    [
      'one of the team',
      facts([agent('a'), agent('b', { teamIds: ['t'], load: 9 })], { teamId: 't' }),
      'b',
      'least_loaded',
      'not_in_team chosen',
    ],
    [
      'the agent of the last time before the least loaded',
      facts([agent('a', { load: 3 }), agent('b')], { lastAgentId: 'a' }),
      'a',
      'last_agent',
      'chosen not_last_agent',
    ],
    [
      'not the agent of the last time, who is away',
      facts([agent('a', { presence: 'away' }), agent('b')], { lastAgentId: 'a' }),
      'b',
      'least_loaded',
      'away chosen',
    ],
    [
      'the pinned agent before all others, whatever its team',
      facts([agent('a', { load: 3 }), agent('b', { teamIds: ['t'] })], { pinnedAgentId: 'a', lastAgentId: 'b', teamId: 't' }),
      'a',
      'pinned',
      'chosen not_pinned',
    ],
    [
      'others, while the pinned agent is not to be had',
      facts([agent('a', { presence: 'offline' }), agent('b')], { pinnedAgentId: 'a' }),
      'b',
      'least_loaded',
      'offline chosen',
    ],
    ['nobody from the pool', facts([agent('a'), agent('b', { presence: 'busy' })], { mode: 'pool' }), null, null, 'pool busy'],
    [
      'the pinned agent from the pool as well',
      facts([agent('a'), agent('b')], { mode: 'pool', pinnedAgentId: 'b' }),
      'b',
      'pinned',
      'not_pinned chosen',
    ],
    [
      'not who has just been rid of it',
      facts([agent('a'), agent('b', { load: 5 })], { declinedById: 'a' }),
      'b',
      'least_loaded',
      'declined chosen',
    ],
  ])('%s', (_, given, agentId, reason, verdicts) => {
    const choice = choose(given);
    expect([choice.agentId, choice.reason, choice.verdicts.join(' ')]).toEqual([agentId, reason, verdicts]);
  });

  const candidate = fc.record({
    agentId: fc.uuid(),
    presence: fc.constantFrom(...PRESENCE_STATUSES),
    capacity: fc.option(fc.nat(4)),
    load: fc.nat(4),
    idleSince: fc.nat(50).map(AT),
    teamIds: fc.subarray(['t', 'u']),
  });
  const anyFacts = fc.uniqueArray(candidate, { selector: ({ agentId }) => agentId, maxLength: 12 }).chain((candidates) => {
    const one = fc.constantFrom(null, ...candidates.map(({ agentId }) => agentId));
    return fc.record({
      mode: fc.constantFrom('pool' as const, 'auto' as const),
      teamId: fc.constantFrom(null, 't'),
      pinnedAgentId: one,
      lastAgentId: one,
      declinedById: one,
      candidates: fc.constant(candidates),
    });
  });

  it('is the same again for the same facts, in whatever order they are written down', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(), (given, turn) => {
        const choice = choose(given);
        expect(choose(JSON.parse(JSON.stringify(given)) as RoutingFacts)).toEqual(choice);
        const { candidates } = given;
        const at = candidates.length === 0 ? 0 : turn % candidates.length;
        const turned = choose({ ...given, candidates: [...candidates.slice(at), ...candidates.slice(0, at)] });
        expect([turned.agentId, turned.reason]).toEqual([choice.agentId, choice.reason]);
      }),
    );
  });

  it('never goes over a capacity, to somebody absent or out of the team, and says of everybody why', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { agentId, verdicts } = choose(given);
        expect(verdicts).toHaveLength(given.candidates.length);
        expect(verdicts.filter((verdict) => verdict === 'chosen')).toHaveLength(agentId === null ? 0 : 1);
        const chosen = given.candidates.find((one) => one.agentId === agentId);
        if (!chosen) return;
        expect(chosen.presence).toBe('online');
        expect(chosen.capacity === null || chosen.load < chosen.capacity).toBe(true);
        expect(given.teamId === null || chosen.teamIds.includes(given.teamId) || agentId === given.pinnedAgentId).toBe(true);
        expect(agentId).not.toBe(given.declinedById);
      }),
    );
  });
});
