import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { freePort, until } from './server-process.js';

const running = new Set<ChildProcess>();

/**
 * Whether a program that the suite needs is there. Without it the suite is left out and says so; in CI that is a failure.
 */
export const hasProgram = (name: string): boolean => {
  if (spawnSync(name, ['-v']).error === undefined) return true;
  const message = `${name} is not installed: the suite that needs it is left out (Debian: apt-get install ${name.replace(/^nginx$/, 'nginx-light')})`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`${message}\n`);
  return false;
};

/** A real Redis of its own, with nothing on disk. */
export interface RedisProcess {
  url: string;
  port: number;
  signal(signal: NodeJS.Signals): void;
  /** Sends a command as a client without any library would. */
  send(...words: string[]): Promise<string>;
}

const send = (port: number, words: string[]): Promise<string> =>
  new Promise((done, fail) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${words.join(' ')}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      done(data.toString());
    });
    socket.once('error', fail);
  });

export const startRedis = async (port?: number): Promise<RedisProcess> => {
  const ownPort = port ?? (await freePort());
  const args = ['--port', String(ownPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  running.add(child);
  const isUp = (): Promise<boolean> =>
    send(ownPort, ['PING']).then(
      (answer) => answer.startsWith('+PONG'),
      () => false,
    );
  await until(isUp, 'Redis starts');
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    port: ownPort,
    signal: (signal) => void child.kill(signal),
    send: (...words) => send(ownPort, words),
  };
};

/** Ends what was started here. */
export const stopRedis = (): void => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
};
