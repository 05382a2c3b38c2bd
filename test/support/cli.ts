import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../dist/bundle/cli.mjs');

export interface Told {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command as an operator would, with these settings and nothing else of this environment. */
export const cli = (settings: Record<string, string>, ...args: string[]): Promise<Told> =>
  new Promise((done, fail) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, BCRYPT_COST: '4', ...settings };
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: tmpdir(), env });
    const told: Told = { code: null, out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (told.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (told.err += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => done({ ...told, code }));
  });

/** The password in a line "role   address   password"; the role may be missing. */
export const passwordIn = (out: string, address = '\\S+@\\S+'): string =>
  new RegExp(`^(?:\\S+ {3})?${address} {3}(\\S+)$`, 'm').exec(out)?.[1] ?? '';
