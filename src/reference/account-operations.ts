import type { OperationsOf } from './operation.js';
import {
  admin,
  agent,
  AGENT_ID,
  alex,
  business,
  BUSINESS_ID,
  CODE,
  CURSOR,
  customer,
  guest,
  LATER,
  NOW,
  PASSWORD,
  publicBusiness,
  session,
  signedIn,
  tokens,
} from './examples.js';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const recoveryCodes = Array.from({ length: 10 }, (_, at) => `mfrg-g2lt-mvzx-${[...'abcdefghij'][at]}5lq`);

const me = { ...guest, businessId: BUSINESS_ID };

/** Businesses, the people in them, and how these sign in. */
export const ACCOUNT_OPERATIONS: OperationsOf<'business' | 'auth' | 'agent' | 'presence'> = {
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
  'auth.register': {
    summary: 'Register a customer',
    description:
      'Makes a customer with an account and signs it in. An admin of the business who sends a credential may name another role; that person is made and not signed in, so the answer has no tokens.',
    errors: ['access.denied', 'business.not_found', 'auth.email_taken', 'auth.password_weak'],
    request: { business: 'shop', email: 'carl@mail.example', password: PASSWORD, name: 'Carl' },
    answer: 'Registered',
    example: { user: { ...guest, role: 'customer', name: 'Carl' }, ...tokens },
  },
  'auth.login': {
    summary: 'Sign in',
    description:
      'Signs in with e-mail and password. Without a business it works if exactly one account has this address. An unknown address and a wrong password are answered alike. Of staff with a second factor it takes a code as well, of the app or for recovery.',
    errors: ['auth.invalid_credentials', 'auth.code_required', 'business.not_found'],
    request: { email: 'alex@shop.example', password: PASSWORD, business: 'shop' },
    answer: 'SignedIn',
    example: { user: agent, ...tokens },
  },
  'auth.guest': {
    summary: 'Come as a guest',
    description: 'Makes a guest, who needs no account, and signs it in. Its refresh token lives for 30 days without use.',
    errors: ['business.not_found'],
    request: { business: 'shop', name: 'Gwen', context: { page: 'https://shop.example/orders' } },
    answer: 'SignedIn',
    example: signedIn,
  },
  'auth.refresh_tokens': {
    summary: 'Trade a refresh token for new tokens',
    description:
      'A refresh token is good once. To send a used one again ends the session and cuts its sockets, because somebody else may have it.',
    errors: ['auth.invalid_credentials', 'auth.token_reused', 'auth.token_expired', 'auth.session_ended'],
    request: { refreshToken: tokens.refreshToken },
    answer: 'Tokens',
    example: tokens,
  },
  'auth.logout': {
    summary: 'Sign out',
    description: 'Ends the session of the credential and cuts its sockets.',
    answer: null,
  },
  'auth.me': {
    summary: 'Show oneself',
    description: 'The own profile.',
    answer: 'Me',
    example: me,
  },
  'auth.update_me': {
    summary: 'Change the own profile',
    description: 'Changes what is named and leaves the rest. Everybody in the own rooms is told of a new name or picture.',
    errors: ['auth.email_taken'],
    request: { name: 'Gwen' },
    answer: 'Me',
    example: me,
  },
  'auth.erase_me': {
    summary: 'Erase oneself',
    description: 'Deletes all that a guest or customer wrote and told, and ends its rooms and sessions. It cannot be undone.',
    answer: null,
  },
  'auth.change_password': {
    summary: 'Change the own password',
    description: 'Ends every session of this person; the tokens of the answer are of a new one.',
    errors: ['auth.invalid_credentials', 'auth.password_weak'],
    request: { currentPassword: PASSWORD, newPassword: 'another horse battery' },
    answer: 'SignedIn',
    example: { user: agent, ...tokens },
  },
  'auth.forgot_password': {
    summary: 'Ask for a link to set a new password',
    description:
      'Mails a link, good once and for 30 minutes, to each account with this address. The answer is the same when there is none. Three mails an hour for one address.',
    request: { email: 'alex@shop.example', business: 'shop' },
    answer: 'Empty',
    example: {},
  },
  'auth.reset_password': {
    summary: 'Set a password by a mailed link',
    description:
      'Takes what stands behind `#token=` in a link for a forgotten password or of an invitation. Ends every session of the person, and signs nobody in. A link stays good when the password is too weak.',
    errors: ['auth.password_weak', 'link.not_found', 'link.expired'],
    request: { token: 'b25lIG9mIG1hbnkgbGlua3M', password: PASSWORD },
    answer: 'PasswordSet',
    example: { user: alex },
  },
  'auth.password_page': {
    summary: 'Show the form to set a password',
    description: 'Where mailed links lead. The token is behind a `#`, so that it is not sent with this request.',
    answer: { mediaType: 'text/html' },
    example: '<!doctype html>',
  },
  'auth.begin_second_factor': {
    summary: 'Begin to set up a second factor',
    description:
      'Makes a secret for an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s). It counts once a first code has confirmed it; until then it can be begun anew.',
    errors: ['auth.invalid_credentials', 'auth.second_factor_active'],
    request: { password: PASSWORD },
    answer: 'SecondFactorDraft',
    example: {
      secret: SECRET,
      uri: `otpauth://totp/The%20Shop:alex%40shop.example?issuer=The%20Shop&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
    },
  },
  'auth.confirm_second_factor': {
    summary: 'Switch the second factor on',
    description:
      'Takes a first code. From now on signing in takes one; the other sessions of the person end. The recovery codes are shown this once.',
    errors: ['auth.invalid_credentials', 'auth.second_factor_active', 'auth.second_factor_inactive'],
    request: { code: CODE },
    answer: 'RecoveryCodes',
    example: { recoveryCodes },
  },
  'auth.renew_recovery_codes': {
    summary: 'Get new recovery codes',
    description: 'The old ones are good no more.',
    errors: ['auth.invalid_credentials', 'auth.second_factor_inactive'],
    request: { password: PASSWORD, code: CODE },
    answer: 'RecoveryCodes',
    example: { recoveryCodes },
  },
  'auth.disable_second_factor': {
    summary: 'Switch the second factor off',
    description: 'The recovery codes go with it. Not while the business requires a second factor.',
    errors: ['auth.invalid_credentials', 'auth.second_factor_inactive'],
    request: { password: PASSWORD, code: CODE },
    answer: 'Empty',
    example: {},
  },
  'auth.list_sessions': {
    summary: 'List the own sessions',
    description: 'The logins that have not ended, the newest first.',
    answer: 'SessionPage',
    example: { items: [session], nextCursor: null },
  },
  'auth.current_session': {
    summary: 'Show the session of the credential',
    description: 'Also tells whether the credential is still good.',
    answer: 'Session',
    example: session,
  },
  'auth.end_session': {
    summary: 'End one of the own sessions',
    description: 'Its tokens are good no more, and its sockets are cut.',
    errors: ['session.not_found'],
    answer: null,
  },
  'auth.refresh': {
    summary: 'Put a fresh access token on a live socket',
    description:
      'Takes an access token of the same person and session, so that the socket need not connect again. The event `auth.expiring` says when it is time.',
    errors: ['access.denied', 'auth.required', 'auth.invalid_credentials', 'auth.session_ended'],
    request: { token: tokens.accessToken },
    answer: 'Renewed',
    example: { expiresAt: LATER },
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
    errors: ['auth.email_taken', 'auth.password_weak'],
    request: { email: 'alex@shop.example', name: 'Alex', role: 'agent', password: PASSWORD, capacity: 5 },
    answer: 'AgentUser',
    example: agent,
  },
  'agent.update': {
    summary: 'Change an agent or admin',
    description:
      'Changes what is named and leaves the rest. A new role ends the sessions of the person; disabling it does so too and puts its rooms back into the queue.',
    errors: ['user.not_found', 'auth.email_taken', 'agent.last_admin'],
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
  'presence.set': {
    summary: 'Choose the own status',
    description: 'Shows while the person has a live connection, and again when it comes back.',
    request: { status: 'away' },
    answer: 'Presence',
    example: { userId: AGENT_ID, status: 'away', lastSeenAt: NOW },
  },
  'presence.list': {
    summary: 'List who is online',
    description: 'Everyone of the business who is connected and does not hide it, customers included.',
    answer: 'OnlineUsers',
    example: { items: [customer, agent] },
  },
  'presence.heartbeat': {
    summary: 'Renew when one was last seen',
    description: 'Says that the person, and not only its connection, is there.',
    answer: 'Presence',
    example: { userId: AGENT_ID, status: 'online', lastSeenAt: NOW },
  },
};
