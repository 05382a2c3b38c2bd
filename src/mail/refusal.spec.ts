import { isFinal, withoutAddress, type MailFault } from './refusal.js';

describe('a mail that was not taken', () => {
  const message = 'bob@mail.example: no';
  it.each<[string, Partial<MailFault>, boolean, string]>([
    ['an unknown mailbox', { code: 'EENVELOPE', responseCode: 550 }, true, 'EENVELOPE 550'],
    ['a content that is not wanted', { code: 'EMESSAGE', responseCode: 554 }, true, 'EMESSAGE 554'],
    ['a mailbox that is busy', { code: 'EENVELOPE', responseCode: 450 }, false, 'EENVELOPE 450'],
    ['an address that the library refuses', { code: 'EENVELOPE' }, false, 'EENVELOPE'],
    ['a wrong login, which may be mended', { code: 'EAUTH', responseCode: 535 }, false, 'EAUTH 535'],
    ['a server that takes no mails now', { code: 'EPROTOCOL', responseCode: 554 }, false, 'EPROTOCOL 554'],
    ['no connection', { code: 'ESOCKET', message: 'connect ECONNREFUSED' }, false, 'connect ECONNREFUSED'],
    ['a fault without a code', { message: 'no space left' }, false, 'no space left'],
  ])('%s', (_, fault, final, told) => {
    const error: MailFault = Object.assign(new Error(message), fault);
    expect([isFinal(error), withoutAddress(error)]).toEqual([final, told]);
  });
});
