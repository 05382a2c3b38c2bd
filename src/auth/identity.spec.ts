import { createHmac } from 'node:crypto';
import { isSigned } from './identity.js';

const sign = (externalId: string, secret: string): string => createHmac('sha256', secret).update(externalId).digest('hex');

describe('a signed identity', () => {
  it('is what was signed under the secret, in digits of either case', () => {
    const signature = sign('customer 7', 'secret');
    expect(isSigned({ externalId: 'customer 7', signature }, 'secret')).toBe(true);
    expect(isSigned({ externalId: 'customer 7', signature: signature.toUpperCase() }, 'secret')).toBe(true);
  });

  it.each([
    ['of another id', sign('customer 8', 'secret')],
    ['under another secret', sign('customer 7', 'Secret')],
    ['cut short', sign('customer 7', 'secret').slice(0, -1)],
    ['with something behind it', `${sign('customer 7', 'secret')}0`],
    ['with a line break behind it', `${sign('customer 7', 'secret')}\n`],
    ['in no hexadecimal digits', 'g'.repeat(64)],
    ['of zeros', '0'.repeat(64)],
    ['of nothing', ''],
  ])('is none with a signature %s', (_, signature) => {
    expect(isSigned({ externalId: 'customer 7', signature }, 'secret')).toBe(false);
  });

  it('is none where there is no secret, whatever it is signed with', () => {
    for (const secret of ['', 'null', 'undefined']) {
      expect(isSigned({ externalId: 'customer 7', signature: sign('customer 7', secret) }, null)).toBe(false);
    }
  });
});
