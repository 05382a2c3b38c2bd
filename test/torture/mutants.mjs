// Breaks the built server on purpose, in copies, and sees to it that the kill test notices: `node test/torture/mutants.mjs [name …]`.
// Needs a fresh build in dist/, or in the folder that TORTURE_BUILD names. Exits with 1 when a mutant survives or the unbroken copy does not pass.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BUILD = process.env.TORTURE_BUILD ?? join(REPOSITORY, 'dist');

/** `rules` are those of the checker of which one at least must be broken, so that a server that merely fails counts for nothing. */
const MUTANTS = [
  { name: 'unbroken', rules: [], edits: [] },
  {
    name: 'ack before commit',
    rules: ['C1', 'C4'],
    edits: [
      {
        file: 'src/stream/stream.writer.js',
        from: 'this.settle(batch, await this.write(batch));',
        // The verdicts are found out in a transaction that is taken back; what was acked is written afterwards.
        to: `const trial = await this.connection();
                await trial.query('BEGIN');
                const expected = await this.write(batch).finally(() => trial.query('ROLLBACK').catch(() => undefined));
                this.settle(batch, expected);
                await this.write(batch);`,
      },
    ],
  },
  {
    name: 'ack before the disk has it',
    rules: ['C1', 'C4'],
    edits: [
      { file: 'src/database/data-source.js', from: 'keepAlive: true,', to: "keepAlive: true, options: '-c synchronous_commit=off'," },
    ],
  },
  {
    name: 'no look for repeats',
    rules: ['C2'],
    edits: [
      {
        file: 'migrations/1763600000001-create-append-entries.js',
        from: 'LEFT JOIN message m ON m.sender_id = e.sender AND m.client_message_id = e.client AND m.room_id = e.room',
        to: 'LEFT JOIN message m ON false',
      },
      {
        file: 'migrations/1763600000000-create-tables.js',
        from: 'CREATE UNIQUE INDEX message_once',
        to: 'CREATE INDEX message_once',
      },
    ],
  },
  {
    name: 'emit in the handler, when called',
    rules: ['C4'],
    edits: [
      {
        file: 'src/chat/room-subscriptions.js',
        from: 'const release = this.pump.withhold(socket.id, actor.id, draft.clientMessageId);',
        to: `const release = this.pump.withhold(socket.id, actor.id, draft.clientMessageId);
        const stream = draft.stream ?? 'public';
        const seq = (this.pump.rooms.get(roomId)?.cursors[stream].delivered ?? 0) + 1;
        const { id, role, name, avatarUrl } = actor;
        socket.to(stream === 'public' ? publicOf(roomId) : internalOf(roomId)).emit('message.created', { id: draft.clientMessageId, roomId, stream, seq, kind: 'text', sender: { id, role, name, avatarUrl }, ...draft });`,
      },
    ],
  },
  {
    name: 'emit in the handler, after the commit but past the pump',
    rules: ['C4'],
    edits: [
      {
        file: 'src/chat/room-subscriptions.js',
        from: 'if (socket.rooms.has(publicOf(message.roomId)))',
        to: `socket.to(message.stream === 'public' ? publicOf(message.roomId) : internalOf(message.roomId)).emit('message.created', message);
            if (socket.rooms.has(publicOf(message.roomId)))`,
      },
      { file: 'src/chat/chat.broadcaster.js', from: 'this.pump.ring(event);', to: '' },
    ],
  },
];

const mutate = (folder, { file, from, to }) => {
  const path = join(folder, 'dist', file);
  const text = readFileSync(path, 'utf8');
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`"${from}" is ${places} times in dist/${file}: the mutant must be written anew`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
};

/** A copy of the build that finds its packages where the build does. */
const copyOfBuild = ({ edits }) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-mutant-'));
  cpSync(BUILD, join(folder, 'dist'), { recursive: true });
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const edit of edits) mutate(folder, edit);
  return folder;
};

const killTest = (folder) =>
  new Promise((done, fail) => {
    const jest = join(REPOSITORY, 'node_modules', 'jest', 'bin', 'jest.js');
    const env = { ...process.env, TORTURE_DIST: join(folder, 'dist', 'src', 'main.js') };
    const child = spawn(process.execPath, [jest, '--selectProjects', 'e2e', '--', 'test/torture/kill'], { cwd: REPOSITORY, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', fail).once('exit', (code) => done({ isGreen: code === 0, output }));
  });

const brokenRules = (output) => [...new Set([...output.matchAll(/^ {2}(C\d|odd) ×\d+:/gm)].map(([, rule]) => rule))];

const wanted = process.argv.slice(2);
let isGood = true;
for (const mutant of MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const folder = copyOfBuild(mutant);
  try {
    const { isGreen, output } = await killTest(folder);
    const broken = brokenRules(output);
    const isRight = mutant.rules.length === 0 ? isGreen : mutant.rules.some((rule) => broken.includes(rule));
    isGood &&= isRight;
    const verdict = mutant.rules.length === 0 ? (isGreen ? 'passes' : 'FAILS') : isRight ? 'killed' : 'SURVIVES';
    process.stdout.write(`${mutant.name}: ${verdict}${broken.length > 0 ? ` (${broken.join(', ')})` : ''}\n`);
    if (!isRight || process.env.SHOW_OUTPUT) process.stdout.write(`${output}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exit(isGood ? 0 : 1);
