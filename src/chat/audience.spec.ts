import { audienceOf, reachersOf } from './audience.js';

const roomId = 'r';
const user = { id: 'u', role: 'agent' as const, name: 'Alex', avatarUrl: null };
const mark = { roomId, userId: 'u', deliveredSeq: 2, readSeq: 1 };

describe('who hears what', () => {
  it('a mark goes to the staff of the room, and to its customer if it may know of it', () => {
    expect(audienceOf('room.marked', { ...mark, stream: 'public', isCustomerVisible: false }).to).toEqual(['room:r:internal']);
    expect(audienceOf('room.marked', { ...mark, stream: 'public', isCustomerVisible: true }).to).toEqual([
      'room:r:internal',
      'room:r:customer',
    ]);
  });

  it('typing goes to the readers of that stream but its writer', () => {
    expect(audienceOf('typing.started', { roomId, stream: 'public', user })).toEqual({ to: ['room:r:public'], except: ['user:u'] });
    expect(audienceOf('typing.stopped', { roomId, stream: 'internal', user })).toEqual({ to: ['room:r:internal'], except: ['user:u'] });
  });

  it('a room goes to those who reach it: all, by its team, and its assignee', () => {
    expect(reachersOf('b', { assigneeId: null, teamId: null })).toEqual(['business:b:rooms']);
    expect(reachersOf('b', { assigneeId: 'u', teamId: 't' })).toEqual(['business:b:rooms', 'team:t', 'user:u']);
  });

  it('the presence of staff goes to the staff of their business, that of customers to nobody', () => {
    const presence = { userId: 'u', status: 'away' as const, lastSeenAt: null, businessId: 'b' };
    expect(audienceOf('presence.changed', { ...presence, isStaff: true }).to).toEqual(['business:b:staff']);
    expect(audienceOf('presence.changed', { ...presence, isStaff: false }).to).toEqual([]);
  });
});
