import type { OperationsOf } from './operation.js';
import { agent, alex, BUSINESS_ID, CODE, guest, LATER, NOW, PASSWORD, session, signedIn, tokens } from './examples.js';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const recoveryCodes = Array.from({ length: 10 }, (_, at) => `mfrg-g2lt-mvzx-${[...'abcdefghij'][at]}5lq`);

const me = { ...guest, businessId: BUSINESS_ID };

/** How people sign in, and what they do with their own account. */
export const AUTH_OPERATIONS: OperationsOf<'auth'> = {
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
    description:
      'Makes a guest, who needs no account, and signs it in. Its refresh token lives for 30 days without use. With `identity` it is the customer whom the site calls so, the same one each time, and not a guest: `signature` is the HMAC-SHA256 of `externalId` under the identity secret of the business. Name, e-mail address, attributes and context that come along are taken over.',
    errors: ['business.not_found', 'auth.required', 'auth.invalid_credentials'],
    request: { business: 'shop', name: 'Gwen', context: { page: 'https://shop.example/orders' } },
    answer: 'SignedIn',
    example: signedIn,
  },
  'auth.make_resume_link': {
    summary: 'Make a link to go on with on another device',
    description:
      'The link is good once and for ten minutes, and ends the one before. Whoever opens it is signed in as this guest or customer, in a session of its own. Sessions that are ended from elsewhere take it with them.',
    answer: 'ResumeLink',
    example: {
      token: 'b25lIG9mIG1hbnkgbGlua3M',
      url: 'https://chat.example/chat/shop#resume=b25lIG9mIG1hbnkgbGlua3M',
      expiresAt: NOW,
    },
  },
  'auth.resume': {
    summary: 'Go on with the chat of another device',
    description: 'Takes what stands behind `#resume=` in a link that the other device made.',
    errors: ['link.not_found', 'link.expired'],
    request: { token: 'b25lIG9mIG1hbnkgbGlua3M' },
    answer: 'SignedIn',
    example: signedIn,
  },
  'auth.refresh_tokens': {
    summary: 'Trade a refresh token for new tokens',
    description:
      'A refresh token is good once. To send a used one again ends the session and cuts its sockets, because somebody else may have it. A client that named its attempt may send both again when the answer was lost: it gets new tokens once more, and those of the lost answer are good no longer, unless they were used.',
    errors: ['auth.invalid_credentials', 'auth.token_reused', 'auth.token_expired', 'auth.session_ended'],
    request: { refreshToken: tokens.refreshToken, attemptId: '5f0d0c0e-6a53-4f0c-9d0e-3a51f3b7f1a2' },
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
    description:
      'Changes what is named and leaves the rest. Everybody in the own rooms is told of a new name or picture. Whoever signs in with a password sends it along with another e-mail address.',
    errors: ['auth.email_taken', 'auth.invalid_credentials', 'access.denied'],
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
};
