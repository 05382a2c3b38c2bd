import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { cleanUp, newDataDir, startServer, until } from './support/server-process.js';

const PORT = '3000';
const DONE = /^\[done (\d+)\]$/m;

interface Block {
  code: string;
  /** What the README shows as its output, if it does. */
  output: string | undefined;
}

const readme = readFileSync('README.md', 'utf8');
const section = (title: string): string => (new RegExp(`^## ${title}\\n([\\s\\S]*?)^## `, 'm').exec(readme) ?? [])[1] ?? '';
const text = ['The first conversation', 'The machine that answers'].map(section).join('');
const blocks: Block[] = [...text.matchAll(/^```bash\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)].map(([, code = '', output]) => ({
  code,
  output,
}));

const requireFreePort = (): Promise<void> =>
  new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', () => fail(new Error(`Port ${PORT} is taken, but the commands of the README need it: stop what listens there.`)));
    probe.listen(Number(PORT), '127.0.0.1', () => probe.close(() => done()));
  });

/** The reader's second terminal: one shell that keeps its variables. Everything it says counts, faults too. */
class Terminal {
  private readonly shell: ChildProcessWithoutNullStreams;
  private text = '';

  constructor() {
    const env = { HOME: process.env.HOME, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    this.shell = spawn('bash', [], { env });
    for (const stream of [this.shell.stdout, this.shell.stderr]) stream.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  async run(code: string): Promise<string> {
    this.text = '';
    this.shell.stdin.write(`${code}echo "[done $?]"\n`);
    await until(() => DONE.test(this.text), `the end of:\n${code}`, 20_000);
    if (DONE.exec(this.text)?.[1] !== '0') throw new Error(`${code}\nsays:\n${this.text}`);
    return this.text.replace(DONE, '').trimEnd();
  }

  close(): void {
    this.shell.kill('SIGKILL');
  }
}

describe('the first conversation of the README', () => {
  let terminal: Terminal;

  beforeAll(() => (terminal = new Terminal()));
  afterAll(async () => {
    terminal.close();
    await cleanUp();
  });

  it('runs word for word', async () => {
    await requireFreePort();
    const settings = { PORT, DATA_DIR: newDataDir() };
    const server = await startServer(settings, { isByLauncher: true });
    await until(() => server.stdout().includes('agent@demo.example'), 'the banner');
    const printed: Record<string, string | undefined> = {
      ADMIN_PASSWORD: /admin@demo\.example +(\S+)/.exec(server.stdout())?.[1],
      AGENT_PASSWORD: /agent@demo\.example +(\S+)/.exec(server.stdout())?.[1],
      PARLEY_PID: /Process +(\d+)/.exec(server.stdout())?.[1],
    };

    expect(blocks.map(({ code }) => code.split('\n')[0])).toContain('kill -9 "$PARLEY_PID"');
    const filledIn: string[] = [];
    for (const block of blocks) {
      const { output } = block;
      // What its reader puts in.
      const code = block.code.replace(/^export (\w+)='the [^']+'$/gm, (_, name: string) => {
        filledIn.push(name);
        return `export ${name}='${printed[name]}'`;
      });
      expect({ code, output: await terminal.run(code) }).toEqual({ code, output: output?.trimEnd() ?? '' });
      if (!code.startsWith('kill')) continue;
      expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
      await startServer(settings, { isByLauncher: true });
    }
    expect(filledIn).toEqual(['AGENT_PASSWORD', 'PARLEY_PID', 'ADMIN_PASSWORD']);
  });
});
