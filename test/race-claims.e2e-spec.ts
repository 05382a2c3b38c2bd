import { buildAgent, buildRoom, type Person } from './support/factories.js';
import { answered, codeOf, count, Races, ROUNDS } from './support/races.js';
import { closeSockets, connect, type TestSocket } from './support/socket.js';

const CROWD = 200;

describe(`races of claims, each ${ROUNDS} times`, () => {
  const races = new Races();
  const { race, expectSound, post } = races;

  it(`A34 P9 of ${CROWD} agents who claim one room one has it`, async () => {
    const crowd: { person: Person; socket: TestSocket | undefined }[] = [];
    for (let n = 0; n < CROWD; n++) {
      const person = await buildAgent(races.app.url, races.shop);
      crowd.push({ person, socket: n % 2 ? await connect(races.app.url, person.token) : undefined });
    }
    const outcomes = await race(
      async () => {
        const { room } = await buildRoom(races.app.url, races.shop);
        const roomId = room.id;
        const contenders = crowd.map(({ person, socket }) => async () => {
          if (!socket) return codeOf(await post(`/api/rooms/${roomId}/claim`, {}, person));
          const answer = await socket.ask('room.claim', { roomId });
          return answer.ok ? '200' : answer.error.code;
        });
        return { roomId, contenders };
      },
      ({ codes, room }) => {
        const winner = crowd[codes.indexOf('200')]?.person.id;
        return room.assignee?.id === winner ? JSON.stringify(count(codes)) : 'somebody else has it';
      },
    );
    expect(outcomes).toEqual({ [JSON.stringify({ '200': 1, 'room.already_assigned': CROWD - 1 })]: ROUNDS });
    // They would hear of all that follows.
    closeSockets();
  });

  it('A34 P9 an agent of capacity 3 who claims 50 rooms has three', async () => {
    const outcomes: string[] = [];
    const rooms = await Promise.all(Array.from({ length: 50 }, () => buildRoom(races.app.url, races.shop)));
    for (let round = 0; round < ROUNDS; round++) {
      const agent = await buildAgent(races.app.url, races.shop, { capacity: 3 });
      const codes = await Promise.all(rooms.map(({ room }) => answered(() => post(`/api/rooms/${room.id}/claim`, {}, agent).then(codeOf))));
      outcomes.push(JSON.stringify(Object.entries(count(codes)).sort()));
      const won = rooms.filter((_, index) => codes[index] === '200');
      await Promise.all(won.map(({ room }) => post(`/api/rooms/${room.id}/assign`, { agentId: null })));
    }
    await expectSound();
    expect(count(outcomes)).toEqual({ '[["200",3],["agent.at_capacity",47]]': ROUNDS });
  });
});
