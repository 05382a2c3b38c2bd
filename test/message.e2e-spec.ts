import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildTalk, newKey, say, type Tenant } from './support/factories.js';
import { rest } from './support/rest.js';
import { closeSockets } from './support/socket.js';

describe('messages', () => {
  let app: TestApp;
  let shop: Tenant;

  beforeAll(async () => {
    app = await startApp();
    shop = await buildBusiness(app.url);
  });
  afterEach(closeSockets);
  afterAll(() => app.close());

  it('P5 a guest and an agent hear each other', async () => {
    const { roomId, guestSocket, agentSocket } = await buildTalk(app.url, shop);
    const sent = await guestSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hello' });
    expect(sent).toMatchObject({ seq: 1, stream: 'public', kind: 'text', body: 'Hello', sender: { role: 'guest', name: 'Gwen' } });
    expect(await agentSocket.waitFor('message.created')).toEqual(sent);
    const reply = await agentSocket.call('message.send', { roomId, clientMessageId: newKey(), body: 'Hi there' });
    expect(await guestSocket.waitFor('message.created')).toEqual(reply);
    expect(reply.seq).toBe(2);
    expect(guestSocket.all('message.created')).toEqual([reply]);
  });
});
