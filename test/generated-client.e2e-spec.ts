import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startApp, type TestApp } from './support/app.js';
import { buildBusiness } from './support/factories.js';
import { raw } from './support/raw.js';

/** What an integrator writes: `guest.ts` is the example of the recipe. */
const CONVERSATION = `import { randomUUID } from 'node:crypto';
import { comeAsGuest } from './guest.js';

const [url = '', business = ''] = process.argv.slice(2);
const one = await comeAsGuest(url, business);
const opened = await one.socket.emitWithAck('room.open', { subject: 'Parcel' });
if (!opened.ok) throw new Error(opened.error.message);
const roomId = opened.data.id;

// A second window of the same guest hears what the first one says.
const { io } = await import('socket.io-client');
const other: typeof one.socket = io(url, { auth: { token: one.signedIn.accessToken } });
await other.emitWithAck('room.join', { roomId });
const heard = new Promise<string | null>((done) =>
  other.on('message.created', (entry) => {
    if (entry.kind === 'activity') throw new Error(\`nobody expected \${entry.activity.type}\`);
    done(entry.body);
  }),
);
const sent = await one.socket.emitWithAck('message.send', { roomId, clientMessageId: randomUUID(), body: 'Hello' });
if (sent.ok) {
  const seq: number = sent.data.seq;
  await one.socket.emitWithAck('message.mark', { roomId, read: seq });
}
process.stdout.write(\`heard: \${await heard}\\n\`);

const strange = await one.socket.emitWithAck('room.get', { roomId: randomUUID() });
if (!strange.ok && strange.error.code === 'room.not_found') process.stdout.write(\`refused: \${strange.error.code}\\n\`);
one.socket.close();
other.close();
`;

const COMPILER = 'node_modules/typescript-native/bin/tsc --strict --noUncheckedIndexedAccess --skipLibCheck --types node'.split(' ');
const TARGET = '--target es2022 --module nodenext --moduleResolution nodenext'.split(' ');

/** The blocks of code under "Generate a client", by language: the very recipe that integrators read. */
const recipe = (language: string): string => {
  const section = readFileSync('docs/events.md', 'utf8').split('## Generate a client')[1] ?? '';
  const found = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(section)?.[1];
  if (found === undefined) throw new Error(`the recipe has no ${language}`);
  return found;
};

describe('a client made from the documents alone', () => {
  let app: TestApp;
  let folder: string;

  /** Resolves with what was printed. @throws Error with what was printed. */
  const run = async (command: string, args: string[]): Promise<string> => {
    try {
      return (await promisify(execFile)(command, args, { cwd: folder })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(stdout + stderr);
    }
  };
  const compile = (file: string): Promise<string> => run('node', [...COMPILER, ...TARGET, file]);

  beforeAll(async () => {
    app = await startApp();
    folder = mkdtempSync(join(tmpdir(), 'parley-client-'));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'types.mjs'), recipe('js'));
    writeFileSync(join(folder, 'guest.ts'), recipe('ts'));
    writeFileSync(join(folder, 'conversation.ts'), CONVERSATION);
    // Fetched by this process: not every machine has curl.
    for (const name of ['openapi.json', 'asyncapi.json']) {
      expect(recipe('sh')).toContain(`http://localhost:3000/${name}`);
      writeFileSync(join(folder, name), (await raw(app.url, 'GET', `/${name}`)).text);
    }
    for (const command of recipe('sh')
      .split('\n')
      .filter((line) => !line.startsWith('curl'))) {
      await run('sh', ['-c', command]);
    }
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await app.close();
  });

  it('compiles under strict rules and talks to the server', async () => {
    await compile('conversation.ts');
    const { slug } = await buildBusiness(app.url);
    expect(await run('node', ['conversation.js', app.url, slug])).toBe('heard: Hello\nrefused: room.not_found\n');
  });

  it.each([
    ['a field that is not there', "body: 'Hello'", "text: 'Hello'", "'text' does not exist"],
    ['a command that is not there', "'message.send'", "'message.sent'", 'message.sent'],
    ['a code that this command never answers', "'room.not_found'", "'agent.last_admin'", 'no overlap'],
    ['the data of an answer that nobody looked at', 'if (sent.ok)', 'if (Date.now())', "'data' does not exist"],
  ])('does not compile with %s', async (_, right, wrong, fault) => {
    expect(CONVERSATION).toContain(right);
    writeFileSync(join(folder, 'wrong.ts'), CONVERSATION.replace(right, wrong));
    await expect(compile('wrong.ts')).rejects.toThrow(fault);
  });
});
