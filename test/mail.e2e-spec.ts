import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailTransport } from '../src/mail/mail.transport.js';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness, buildCustomer, newKey, PASSWORD, until } from './support/factories.js';
import { parseMail, startMailServer, startSilentServer, tokenIn, type MailServer } from './support/mail-server.js';
import { rest, type Answer } from './support/rest.js';
import { freePort } from './support/server-process.js';

interface Row {
  text: string | null;
  html: string | null;
  tries: number;
  fault: string | null;
  sent_at: Date | null;
  given_up_at: Date | null;
}

describe('mails', () => {
  let server: MailServer;
  const apps: TestApp[] = [];
  const closers: (() => Promise<void>)[] = [];

  const start = async (settings: Record<string, string>, database?: string): Promise<TestApp> => {
    const app = await startApp(settings, database);
    apps.push(app);
    return app;
  };
  const forgot = async (app: TestApp, email: string): Promise<void> => {
    const { status } = await rest(app.url, 'POST', '/api/auth/password/forgot', { body: { email } });
    expect(status).toBe(202);
  };
  const mailsOf = (app: TestApp, email: string): Promise<Row[]> => app.sql<Row>('SELECT * FROM mail WHERE recipient = $1', [email]);
  const mailOf = async (app: TestApp, email: string, fits: (row: Row) => boolean): Promise<Row> => {
    const [row] = await until(
      () => mailsOf(app, email),
      ([first]) => first !== undefined && fits(first),
      20_000,
    );
    expect(row).toBeDefined();
    return row as Row;
  };
  const isSent = ({ sent_at: sentAt }: Row): boolean => sentAt !== null;

  beforeAll(async () => {
    server = await startMailServer();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await Promise.all(closers.splice(0).map((close) => close()));
  });
  afterAll(() => server.close());

  it('go over SMTP, in text and HTML, and leave nothing of it behind', async () => {
    const app = await start({ SMTP_URL: server.url, PUBLIC_URL: 'https://chat.example', MAIL_FROM: 'The Chat <chat@mail.example>' });
    const shop = await buildBusiness(app.url, 'Shop & <b>Sons</b>');
    const { email = '' } = await buildCustomer(app.url, shop);
    const since = Date.now();
    await forgot(app, email);
    const [mail] = await server.waitFor(email);
    // At once, and not with the next sweep.
    expect(Date.now() - since).toBeLessThan(2_000);
    expect(mail).toMatchObject({ sender: 'chat@mail.example', recipients: [email] });
    expect(Object.fromEntries(mail!.headers)).toMatchObject({
      from: 'The Chat <chat@mail.example>',
      to: email,
      subject: 'Your password for Shop & <b>Sons</b>',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@chat\.example>$/),
      'auto-submitted': 'auto-generated',
    });
    expect(mail!.text).toContain(`https://chat.example/set-password#token=${tokenIn(mail!)}`);
    expect(mail!.text).toContain('Shop & <b>Sons</b>');
    expect(mail!.html).toContain('Shop &amp; &lt;b&gt;Sons&lt;/b&gt;');
    expect(mail!.html).toContain(`<a href="https://chat.example/set-password#token=${tokenIn(mail!)}">`);
    expect(mail!.html).not.toMatch(/<b>|<img|<script|http:/);
    expect(await mailOf(app, email, isSent)).toMatchObject({ text: null, html: null, tries: 1, fault: null });
    const rows = await app.sql('SELECT * FROM mail UNION ALL SELECT * FROM mail');
    expect(JSON.stringify(rows)).not.toContain(tokenIn(mail!));
    expect(app.log.filter((line) => line.includes(tokenIn(mail!)) || line.includes(email))).toEqual([]);
  });

  it('A52 take no header and no second recipient from a name', async () => {
    const app = await start({ SMTP_URL: server.url });
    const shop = await buildBusiness(app.url, 'Shop\r\nBcc: all@mail.example\r\n\r\nBuy this');
    const email = `${newKey()}@mail.example`;
    const body = { business: shop.slug, email, password: PASSWORD, name: 'Eve\r\nBcc: all@mail.example' };
    expect((await rest(app.url, 'POST', '/api/auth/register', { body })).status).toBe(201);
    await forgot(app, email);
    const [sent] = await server.waitFor(email);
    expect(sent?.recipients).toEqual([email]);
    expect(sent?.headers.has('bcc')).toBe(false);
    expect(sent?.headers.get('subject')).toBe('Your password for Shop Bcc: all@mail.example Buy this');
    expect(sent?.text).not.toMatch(/^(Bcc|Buy)/m);
    expect(server.to('all@mail.example')).toEqual([]);
  });

  it('wait for a server that is down, and go out when it is back', async () => {
    const port = await freePort();
    const app = await start({ SMTP_URL: `smtp://127.0.0.1:${port}` });
    const { email = '' } = await buildCustomer(app.url, await buildBusiness(app.url));
    await forgot(app, email);
    const waiting = await mailOf(app, email, ({ fault }) => fault !== null);
    expect(waiting).toMatchObject({ sent_at: null, given_up_at: null, fault: expect.stringContaining('ECONNREFUSED') });
    expect(app.log.some((line) => line.includes('could not be sent yet'))).toBe(true);
    const back = await startMailServer({ port });
    closers.push(() => back.close());
    // As if the pause before the next try were over.
    await app.sql('UPDATE mail SET due_at = now()');
    await back.waitFor(email);
    expect((await mailOf(app, email, isSent)).tries).toBeGreaterThan(1);
    expect(back.to(email)).toHaveLength(1);
  });

  it('of a server that hangs hold up neither anybody nor the stop, and go out by the next one', async () => {
    const silent = await startSilentServer();
    closers.push(() => silent.close());
    const app = await start({ SMTP_URL: silent.url });
    const shop = await buildBusiness(app.url);
    const people = await Promise.all(Array.from({ length: 8 }, () => buildCustomer(app.url, shop)));
    for (const { email = '' } of people) await forgot(app, email);
    await until(
      () => Promise.resolve(silent.connections()),
      (count) => count >= 5,
    );
    const since = performance.now();
    expect((await rest(app.url, 'GET', '/api/auth/me', { token: people[0]!.token })).status).toBe(200);
    expect(performance.now() - since).toBeLessThan(1_000);
    const stopping = performance.now();
    await app.close();
    expect(performance.now() - stopping).toBeLessThan(4_000);

    const next = await start({ SMTP_URL: server.url }, app.databaseUrl);
    for (const { email = '' } of people) {
      await server.waitFor(email);
      expect(await mailOf(next, email, isSent)).toMatchObject({ tries: 1, fault: null });
    }
    for (const { email = '' } of people) expect(server.to(email)).toHaveLength(1);
  });

  it('outlive a kill between the commit and the sending', async () => {
    const silent = await startSilentServer();
    closers.push(() => silent.close());
    const app = await start({ SMTP_URL: server.url });
    const { email = '' } = await buildCustomer(app.url, await buildBusiness(app.url));
    const port = await freePort();
    const env = {
      DATABASE_URL: app.databaseUrl,
      PORT: String(port),
      SMTP_URL: silent.url,
      DATA_DIR: mkdtempSync(join(tmpdir(), 'parley-mail-')),
    };
    const doomed = spawn('node', ['dist/bundle/server.mjs'], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
    const died = new Promise((done) => doomed.once('exit', done));
    const url = `http://127.0.0.1:${port}`;
    await until(
      () =>
        rest(url, 'GET', '/health').then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
      20_000,
    );
    expect((await rest(url, 'POST', '/api/auth/password/forgot', { body: { email } })).status).toBe(202);
    await until(
      () => Promise.resolve(silent.connections()),
      (count) => count > 0,
    );
    doomed.kill('SIGKILL');
    await died;
    rmSync(env.DATA_DIR, { recursive: true, force: true });
    expect(await mailsOf(app, email)).toMatchObject([{ tries: 1, sent_at: null }]);
    // The time that the dead one had taken for its try is over.
    await app.sql('UPDATE mail SET due_at = now()');
    await server.waitFor(email);
    expect(await mailOf(app, email, isSent)).toMatchObject({ tries: 2, text: null });
    expect(server.to(email)).toHaveLength(1);
  });

  it('are sent once by two servers on one database, however long that takes', async () => {
    const slow = await startMailServer({ delayMs: 4_000 });
    closers.push(() => slow.close());
    const app = await start({ SMTP_URL: slow.url });
    await start({ SMTP_URL: slow.url }, app.databaseUrl);
    const shop = await buildBusiness(app.url);
    const people = await Promise.all(Array.from({ length: 8 }, () => buildCustomer(app.url, shop)));
    await Promise.all(people.map(({ email = '' }) => forgot(app, email)));
    // Both have swept more than once by the time the last one is taken.
    for (const { email = '' } of people) await mailOf(app, email, isSent);
    for (const { email = '' } of people) expect(slow.to(email)).toHaveLength(1);
  });

  it('are given up when they are of no use any more: the log says so, and the row stays', async () => {
    const app = await start({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
    const { email = '' } = await buildCustomer(app.url, await buildBusiness(app.url));
    await forgot(app, email);
    await mailOf(app, email, ({ fault }) => fault !== null);
    await app.sql('UPDATE mail SET until = now(), due_at = now()');
    const row = await mailOf(app, email, ({ given_up_at: givenUpAt }) => givenUpAt !== null);
    expect(row).toMatchObject({ sent_at: null, fault: expect.stringContaining('ECONNREFUSED') });
    expect(app.log.some((line) => line.includes('"level":50') && line.includes('a mail was given up'))).toBe(true);
  });

  describe('that the server refuses', () => {
    const refusing = async (stage: 'recipient' | 'mail', code: number): Promise<{ app: TestApp; tries: () => number; email: string }> => {
      let asked = 0;
      const smtp = await startMailServer({
        refuses: (at) => {
          if (at !== stage) return undefined;
          asked++;
          return code;
        },
      });
      closers.push(() => smtp.close());
      const app = await start({ SMTP_URL: smtp.url });
      const { email = '' } = await buildCustomer(app.url, await buildBusiness(app.url));
      await forgot(app, email);
      return { app, email, tries: () => asked };
    };
    const told = (app: TestApp): string[] => app.log.filter((line) => JSON.parse(line).mailId !== undefined);

    it.each([
      ['recipient', 550],
      ['recipient', 553],
      ['mail', 554],
    ] as const)('for good, the %s by %i, are given up at once, with one warning that names nobody', async (stage, code) => {
      const { app, email, tries } = await refusing(stage, code);
      const row = await mailOf(app, email, ({ given_up_at: givenUpAt, tries: made }) => givenUpAt !== null || made > 1);
      expect(row).toMatchObject({ tries: 1, sent_at: null, given_up_at: expect.any(Date), text: null, html: null });
      expect(row.fault).toContain(String(code));
      await until(
        () => Promise.resolve(told(app)),
        (lines) => lines.length > 0,
      );
      expect(tries()).toBe(1);
      expect(told(app)).toEqual([expect.stringMatching(new RegExp(`"level":40.*${code}.*refused for good`))]);
      expect(app.log.filter((line) => line.includes(email))).toEqual([]);
    });

    it('for now are tried again', async () => {
      const { app, email, tries } = await refusing('recipient', 450);
      expect(await mailOf(app, email, ({ fault }) => fault !== null)).toMatchObject({ tries: 1, given_up_at: null });
      await app.sql('UPDATE mail SET due_at = now()');
      await mailOf(app, email, ({ tries: made }) => made > 1);
      await until(
        () => Promise.resolve(tries()),
        (count) => count > 1,
      );
      expect(told(app)[0]).toMatch(/"level":40.*450.*could not be sent yet/);
      expect(app.log.filter((line) => line.includes(email))).toEqual([]);
    });
  });

  it('that wait for somebody who is disabled are not sent', async () => {
    const app = await start({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
    const shop = await buildBusiness(app.url);
    const email = `alex-${newKey()}@shop.example`;
    const body = { email, name: 'Alex', role: 'agent' };
    const made = await rest(app.url, 'POST', '/api/agents', { token: shop.admin.token, body });
    await mailOf(app, email, ({ fault }) => fault !== null);
    expect((await rest(app.url, 'DELETE', `/api/agents/${made.body.id}`, { token: shop.admin.token })).status).toBe(204);
    expect(await mailsOf(app, email)).toEqual([]);
  });

  it('of somebody who erased itself are erased, too', async () => {
    const app = await start({ SMTP_URL: server.url });
    const { email = '', token } = await buildCustomer(app.url, await buildBusiness(app.url));
    await forgot(app, email);
    await mailOf(app, email, isSent);
    expect((await rest(app.url, 'DELETE', '/api/auth/me', { token })).status).toBe(204);
    expect(await mailsOf(app, email)).toEqual([]);
    expect(await app.sql('SELECT 1 FROM password_link')).toEqual([]);
  });

  describe('without a mail server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-mailbox-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('A52 an address is one, whatever stands in its quotes', async () => {
      const app = await start({ DATA_DIR: join(folder, 'quoted') });
      const shop = await buildBusiness(app.url);
      const email = '"x,all@mail.example"@shop.example';
      const registered = await rest(app.url, 'POST', '/api/auth/register', { body: { business: shop.slug, email, password: PASSWORD } });
      expect(registered.status).toBe(201);
      await forgot(app, email);
      await mailOf(app, email, isSent);
      const mailbox = join(folder, 'quoted/mailbox');
      const mail = parseMail(readFileSync(join(mailbox, readdirSync(mailbox)[0]!), 'utf8'));
      expect(mail.headers.get('to')).toBe(`<${email}>`);
    });

    it('are erased with their person, also while they are written, and those of others stay', async () => {
      const app = await start({ DATA_DIR: join(folder, 'erased') });
      const mailbox = join(folder, 'erased/mailbox');
      const shop = await buildBusiness(app.url);
      const [gone, gwen] = [await buildCustomer(app.url, shop), await buildCustomer(app.url, shop)];
      const erase = async ({ id }: { id: string }): Promise<void> => {
        expect((await rest(app.url, 'DELETE', `/api/customers/${id}`, { token: shop.admin.token })).status).toBe(204);
      };
      const filesTo = (): (string | undefined)[] =>
        readdirSync(mailbox).map((file) => parseMail(readFileSync(join(mailbox, file), 'utf8')).headers.get('to'));
      for (const { email = '' } of [gone, gone, gwen]) await forgot(app, email);
      await until(
        () => app.sql('SELECT 1 FROM mail WHERE sent_at IS NULL'),
        (waiting) => waiting.length === 0,
      );
      expect(filesTo().sort()).toEqual([gone.email, gone.email, gwen.email].sort());
      await erase(gone);
      await until(
        () => Promise.resolve(filesTo()),
        (left) => left.length === 1,
      );
      expect(filesTo()).toEqual([gwen.email]);

      const late = await buildCustomer(app.url, shop);
      const transport = app.app.get(MailTransport);
      const send = transport.send.bind(transport);
      const written = new Promise<void>((done) => {
        transport.send = async (...mail) => {
          await erase(late);
          await send(...mail);
          expect(filesTo()).toContain(late.email);
          done();
        };
      });
      await forgot(app, late.email as string);
      await written;
      await until(
        () => Promise.resolve(filesTo()),
        (left) => left.length === 1,
      );
      expect(filesTo()).toEqual([gwen.email]);
    });

    it('are files that only the server’s user reads', async () => {
      const app = await start({ DATA_DIR: join(folder, 'data') });
      const { email = '', id }: { email?: string; id: string } = await buildCustomer(app.url, await buildBusiness(app.url));
      await forgot(app, email);
      expect(await mailOf(app, email, isSent)).toMatchObject({ text: null, tries: 1 });
      const mailbox = join(folder, 'data/mailbox');
      const files = readdirSync(mailbox);
      expect(files).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.eml$/)]);
      const file = join(mailbox, files[0]!);
      expect([statSync(mailbox).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
      const mail = parseMail(readFileSync(file, 'utf8'));
      expect(mail.headers.get('to')).toBe(email);
      const set: Answer = await rest(app.url, 'POST', '/api/auth/password/reset', {
        body: { token: tokenIn(mail), password: 'another horse battery' },
      });
      expect([set.status, set.body.user.id]).toEqual([200, id]);
    });
  });
});
