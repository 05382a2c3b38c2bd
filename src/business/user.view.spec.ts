import type { User } from './user.entity.js';
import { toPublicUser, toStaffView } from './user.view.js';

const user = {
  id: 'id',
  businessId: 'business',
  role: 'agent',
  email: 'a@b.example',
  username: 'a',
  name: 'Alex',
  avatarUrl: null,
  passwordHash: 'hash',
  externalId: 'x',
  attributes: { a: 1 },
  reach: 'all',
  teamIds: ['t'],
  blocked: false,
  labelIds: [],
  idleSince: new Date(0),
  context: { url: 'x' },
  verified: true,
  disabled: false,
  capacity: 3,
  load: 1,
  createdAt: new Date(0),
} satisfies User;
const presence = { userId: 'id', status: 'away', lastSeenAt: null } as const;
const forStaff = [
  'attributes',
  'avatarUrl',
  'createdAt',
  'email',
  'externalId',
  'id',
  'lastSeenAt',
  'name',
  'presence',
  'role',
  'username',
  'verified',
];

describe('views of a person', () => {
  it('A31 a customer sees four fields', () => {
    expect(toPublicUser(user)).toEqual({ id: 'id', role: 'agent', name: 'Alex', avatarUrl: null });
  });

  it('A31 staff see more, of staff most, and nobody the hash', () => {
    expect(Object.keys(toStaffView({ ...user, role: 'guest' }, presence, [])).sort()).toEqual([...forStaff, 'blocked', 'labels'].sort());
    expect(Object.keys(toStaffView(user, presence, [])).sort()).toEqual([...forStaff, 'capacity', 'disabled', 'load', 'teamIds'].sort());
    expect(toStaffView(user, presence, [])).toMatchObject({
      presence: 'away',
      capacity: 3,
      load: 1,
      createdAt: '1970-01-01T00:00:00.000Z',
    });
  });
});
