import type { OperationsOf } from './operation.js';
import { admin, agent, AGENT_ID, business, CURSOR, customer, NOW, PASSWORD, publicBusiness, team, tokens } from './examples.js';

/** Businesses, and the people and teams in them. */
export const BUSINESS_OPERATIONS: OperationsOf<'business' | 'agent' | 'team' | 'presence'> = {
  'business.create': {
    summary: 'Found a business',
    description: 'Makes a business with its first admin, who is signed in at once. Only while sign-up is open on this server.',
    errors: ['access.denied', 'business.slug_taken', 'auth.password_weak'],
    request: { name: 'The Shop', slug: 'shop', admin: { name: 'Ada', email: 'ada@shop.example', password: PASSWORD } },
    answer: 'Founded',
    example: { business, user: admin, ...tokens },
  },
  'business.view': {
    summary: 'Show a business to visitors',
    description: 'What a chat window needs before anybody is signed in.',
    errors: ['business.not_found'],
    answer: 'PublicBusiness',
    example: publicBusiness,
  },
  'business.hours': {
    summary: 'Show the opening hours to visitors',
    description: 'When the business is open in a week, and on which days it is not. `availability` says whether it is open now.',
    errors: ['business.not_found'],
    answer: 'OpeningHours',
    example: { hours: business.settings.hours },
  },
  'business.get': {
    summary: 'Show the own business',
    description: 'The business of the credential, with its settings.',
    answer: 'Business',
    example: business,
  },
  'business.update': {
    summary: 'Change the own business',
    description:
      'Changes what is named and leaves the rest. Settings are merged key by key. To require a second factor ends the sessions of all staff who have none; an admin without one cannot do it.',
    errors: ['auth.second_factor_inactive'],
    request: { welcomeText: 'How can we help?', settings: { editWindowSeconds: 600 } },
    answer: 'Business',
    example: { ...business, settings: { ...business.settings, editWindowSeconds: 600 } },
  },
  'business.change_identity_secret': {
    summary: 'Make a new secret for signed identities',
    description:
      'The answer shows it this once. The site keeps it on its server and signs with it who its visitor is; what was signed with the old one is void at once.',
    answer: 'IdentitySecret',
    example: { identitySecret: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
  },
  'agent.list': {
    summary: 'List agents and admins',
    description: 'Everybody who answers customers, with presence and load, in the order they were made.',
    answer: 'AgentUserPage',
    example: { items: [agent], nextCursor: CURSOR },
  },
  'agent.create': {
    summary: 'Make an agent or admin',
    description:
      'Makes a person who answers customers. Nobody is signed in by that. Without a password the person is mailed an invitation, good for 72 hours, to choose one.',
    errors: ['auth.email_taken', 'auth.password_weak', 'team.not_found'],
    request: { email: 'alex@shop.example', name: 'Alex', role: 'agent', password: PASSWORD, capacity: 5 },
    answer: 'AgentUser',
    example: agent,
  },
  'agent.update': {
    summary: 'Change an agent or admin',
    description:
      'Changes what is named and leaves the rest. A new role ends the sessions of the person; disabling it does so too and puts its rooms back into the queue.',
    errors: ['user.not_found', 'auth.email_taken', 'agent.last_admin', 'team.not_found'],
    request: { capacity: 5 },
    answer: 'AgentUser',
    example: agent,
  },
  'agent.disable': {
    summary: 'Disable an agent or admin',
    description: 'The person cannot sign in any more, its sessions end and its rooms go back into the queue. What it wrote stays.',
    errors: ['user.not_found', 'agent.last_admin'],
    answer: null,
  },
  'agent.invite': {
    summary: 'Invite an agent or admin again',
    description: 'Mails a new link to somebody who has not accepted the invitation yet. Older ones are good no more.',
    errors: ['user.not_found', 'agent.already_active', 'agent.unavailable'],
    answer: 'Empty',
    example: {},
  },
  'agent.remove_second_factor': {
    summary: 'Take the second factor of an agent or admin away',
    description: 'For a phone that was lost together with the recovery codes. Ends the sessions of the person. Not for oneself.',
    errors: ['user.not_found'],
    answer: null,
  },
  'team.list': {
    summary: 'List the teams',
    description: 'In the order they were made.',
    answer: 'TeamPage',
    example: { items: [team], nextCursor: CURSOR },
  },
  'team.get': {
    summary: 'Show a team',
    description: 'With those who are in it.',
    errors: ['team.not_found'],
    answer: 'Team',
    example: team,
  },
  'team.create': {
    summary: 'Make a team',
    description: 'A team answers the rooms that are given to it. An agent may be in several.',
    errors: ['team.name_taken', 'user.not_found'],
    request: { name: 'Returns', agentIds: [AGENT_ID] },
    answer: 'Team',
    example: team,
  },
  'team.update': {
    summary: 'Change a team',
    description: 'Changes what is named and leaves the rest. The agents are all that are in it from then on.',
    errors: ['team.not_found', 'team.name_taken', 'user.not_found'],
    request: { agentIds: [AGENT_ID] },
    answer: 'Team',
    example: team,
  },
  'team.delete': {
    summary: 'Delete a team',
    description: 'Its rooms are for anybody from then on.',
    errors: ['team.not_found'],
    answer: null,
  },
  'presence.set': {
    summary: 'Choose the own status',
    description:
      'Shows while the person has a live connection, and again when it comes back. The answer names what was chosen: without a connection others see `offline` all the same.',
    request: { status: 'away' },
    answer: 'Presence',
    example: { userId: AGENT_ID, status: 'away', lastSeenAt: NOW },
  },
  'presence.list': {
    summary: 'List who is online',
    description: 'Who is connected and does not hide it: colleagues, and the customers whose rooms are within reach.',
    answer: 'OnlineUsers',
    example: { items: [customer, agent] },
  },
  'presence.heartbeat': {
    summary: 'Renew when one was last seen',
    description:
      'Says that the person, and not only its connection, is there. Staff who do nothing that tells for ten minutes are away; to connect, look and sync tells nothing, since pages do it by themselves.',
    answer: 'Presence',
    example: { userId: AGENT_ID, status: 'online', lastSeenAt: NOW },
  },
};
