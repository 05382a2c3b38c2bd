import { existsSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { DataSource } from 'typeorm';
import { checkEnv, SETTING_NAMES, type Env } from '../config/env.js';
import { dataSourceOptions } from '../database/data-source.js';
import { missingMigrations, OLDEST_VERSION } from '../database/migrate.js';
import { areOnOneDisk, freeBytes, LEAST_FREE_BYTES, requireWritable } from '../health/disk.js';
import { storageFor } from '../upload/upload.module.js';
import { openDatabase } from './open.js';

/** What one look found. A note is right as it is, but worth knowing. */
interface Finding {
  check: 'settings' | 'disk' | 'database' | 'migrations' | 'uploads' | 'redis' | 'smtp' | 'address';
  state: 'ok' | 'note' | 'fault';
  message: string;
  /** What to do about it. */
  fix?: string;
}

const PATIENCE_MS = 5_000;
const LITTLE_FREE_BYTES = 2 * 1024 ** 3;

const messageOf = (error: unknown): string => {
  const { message, code } = error as NodeJS.ErrnoException;
  return (message || (code ?? String(error))).replace(/\s+/g, ' ');
};
const inTime = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, fail) => setTimeout(() => fail(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS).unref()),
  ]);

const settings = (source: NodeJS.ProcessEnv, faults: string[]): Finding[] => {
  const given = SETTING_NAMES.filter((name) => source[name] !== undefined && source[name] !== '');
  const fix = 'Correct it in .env or in the environment; .env.example shows each setting and its default.';
  if (faults.length > 0) return faults.map((message) => ({ check: 'settings', state: 'fault', message, fix }));
  return [
    {
      check: 'settings',
      state: 'ok',
      message: given.length === 0 ? 'all at their defaults' : `${given.join(', ')}; the others at their defaults`,
    },
  ];
};

/** Whether there is room at a folder; below `enough` bytes it is worth knowing how little. */
const roomAt = async (check: 'disk' | 'uploads', path: string, name: string, enough = LEAST_FREE_BYTES): Promise<Finding> => {
  const free = await freeBytes(path);
  const message = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${path}`;
  const fix = `Make room there, or set ${name} to a folder on another disk.`;
  if (free < LEAST_FREE_BYTES) return { check, state: 'fault', message: `only ${message}`, fix };
  return free < enough ? { check, state: 'note', message: `only ${message}`, fix } : { check, state: 'ok', message };
};

const disk = async ({ dataDir, DATABASE_URL }: Env): Promise<Finding[]> => {
  try {
    await requireWritable(dataDir);
  } catch (error) {
    const fix = `Let the user that runs the server write there, or set DATA_DIR to another folder.`;
    return [{ check: 'disk', state: 'fault', message: `${dataDir} (DATA_DIR) cannot be written: ${messageOf(error)}`, fix }];
  }
  return [await roomAt('disk', dataDir, 'DATA_DIR', DATABASE_URL === undefined ? LITTLE_FREE_BYTES : undefined)];
};

/** An address of a server as it may be shown: it names no password. */
export const addressOf = (url: string): string =>
  URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'an address that cannot be read';

const migrations = async (dataSource: DataSource): Promise<Finding> => {
  const { missing, unknown } = await missingMigrations(dataSource);
  if (unknown.length > 0) {
    const fix = 'Migrations only add, so this version works on it: right after going back to it, else start the newer one again.';
    return { check: 'migrations', state: 'note', message: `the database is of a newer version: it has ${unknown.join(', ')}`, fix };
  }
  if (missing.length === 0) return { check: 'migrations', state: 'ok', message: 'all are applied' };
  return {
    check: 'migrations',
    state: 'note',
    message: `${missing.length} are not applied yet: ${missing.join(', ')}`,
    fix: 'Start the server: it applies them.',
  };
};

const database = async (env: Env): Promise<Finding[]> => {
  const isEmbedded = env.DATABASE_URL === undefined;
  if (isEmbedded && !existsSync(join(env.dataDir, 'pg'))) {
    return [
      {
        check: 'database',
        state: 'note',
        message: `there is none in ${env.dataDir} yet`,
        fix: 'Start the server: it makes its own. Or set DATABASE_URL.',
      },
    ];
  }
  const fix = isEmbedded
    ? `Read ${join(env.dataDir, 'postgres.log')}.`
    : 'Check DATABASE_URL (host, port, name, user, password), and that PostgreSQL runs and lets this machine in.';
  let opened: Awaited<ReturnType<typeof openDatabase>>;
  try {
    opened = await openDatabase(env);
  } catch (error) {
    return [{ check: 'database', state: 'fault', message: messageOf(error), fix }];
  }
  const dataSource = new DataSource(dataSourceOptions(env, opened.url));
  try {
    await inTime(dataSource.initialize());
    const [server] = await dataSource.query<{ version: number; name: string }[]>(
      "SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS name",
    );
    const message = `PostgreSQL ${server?.name} at ${addressOf(opened.url)}${isEmbedded ? ', embedded' : ''}`;
    if (!server || server.version < OLDEST_VERSION)
      return [{ check: 'database', state: 'fault', message, fix: 'Take PostgreSQL 15 or newer.' }];
    return [{ check: 'database', state: 'ok', message }, await migrations(dataSource)];
  } catch (error) {
    return [{ check: 'database', state: 'fault', message: `${addressOf(opened.url)}: ${messageOf(error)}`, fix }];
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await opened.release();
  }
};

/** Where files are kept, if it can be used, and whether there is room on a disk of their own. */
const uploads = async (env: Env): Promise<Finding[]> => {
  try {
    const { dataDir, uploadDir } = env;
    const place: Finding = { check: 'uploads', state: 'ok', message: await inTime(storageFor(env).check()) };
    return (await areOnOneDisk(dataDir, uploadDir)) ? [place] : [place, await roomAt('uploads', uploadDir, 'UPLOAD_DIR')];
  } catch (error) {
    const fix =
      env.S3_URL === undefined
        ? 'Let the user that runs the server write there, or set UPLOAD_DIR to another folder.'
        : 'Check S3_URL (host, key, secret, bucket, region), and that the bucket is there.';
    const place = env.S3_URL === undefined ? env.uploadDir : addressOf(env.S3_URL);
    return [{ check: 'uploads', state: 'fault', message: `${place}: ${messageOf(error)}`, fix }];
  }
};

/** Signs in and asks for a sign of life, in Redis's own protocol. */
const ping = (address: string): Promise<string> =>
  new Promise((done, fail) => {
    const { protocol, hostname, port, username, password } = new URL(address);
    const where = { host: hostname, port: Number(port || 6379) };
    const socket = protocol === 'rediss:' ? connectTls(where) : connectTcp(where);
    const commands =
      password === ''
        ? [['PING']]
        : [['AUTH', ...(username === '' ? [] : [decodeURIComponent(username)]), decodeURIComponent(password)], ['PING']];
    let heard = '';
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    socket.on('error', fail);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const error = /^-(.*)\r\n/m.exec(heard)?.[1];
      if (error === undefined && !heard.includes('PONG')) return;
      socket.destroy();
      if (error === undefined) done(`${where.host}:${where.port}`);
      else fail(new Error(error));
    });
    for (const command of commands) {
      socket.write(`*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    }
  });

const redis = async ({ REDIS_URL }: Env): Promise<Finding> => {
  if (REDIS_URL === undefined) return { check: 'redis', state: 'ok', message: 'not set, and not needed by one server' };
  try {
    return { check: 'redis', state: 'ok', message: `answers at ${await ping(REDIS_URL)}` };
  } catch (error) {
    const fix = 'Check REDIS_URL and that Redis runs there, or take the setting away: one server needs none.';
    return { check: 'redis', state: 'fault', message: messageOf(error), fix };
  }
};

const smtp = async ({ SMTP_URL, mailboxDir, isProduction }: Env): Promise<Finding> => {
  if (SMTP_URL === undefined) {
    const fix = 'Set SMTP_URL, so that invitations and forgotten passwords reach people.';
    return {
      check: 'smtp',
      state: isProduction ? 'fault' : 'note',
      message: `not set: mails are written to ${mailboxDir}, sent by nobody`,
      fix,
    };
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: SMTP_URL,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  try {
    await inTime(transport.verify());
    return { check: 'smtp', state: 'ok', message: `${new URL(SMTP_URL).host} lets us in` };
  } catch (error) {
    const fix = 'Check SMTP_URL: host, port, smtp or smtps, user and password.';
    return { check: 'smtp', state: 'fault', message: `${new URL(SMTP_URL).host}: ${messageOf(error)}`, fix };
  } finally {
    transport.close();
  }
};

/** Who listens where the server would. */
const address = async ({ HOST, PORT, PUBLIC_URL, isProduction }: Env): Promise<Finding[]> => {
  const findings: Finding[] = [];
  if (isProduction && !PUBLIC_URL.startsWith('https:')) {
    const fix = 'Put a proxy with TLS before the server, and set PUBLIC_URL to the https address that browsers use.';
    findings.push({
      check: 'address',
      state: 'fault',
      message: `PUBLIC_URL is ${PUBLIC_URL}: passwords and chats would travel in the open`,
      fix,
    });
  }
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${PORT}/`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).then(
    async (response) => ((await response.json().catch(() => ({}))) as { name?: string }).name ?? 'another program',
    () => undefined,
  );
  if (answer === undefined)
    findings.push({ check: 'address', state: 'note', message: `nobody listens at ${host}:${PORT}`, fix: 'Start the server: npm start.' });
  else if (answer === 'parley') findings.push({ check: 'address', state: 'ok', message: `Parley answers at ${host}:${PORT}` });
  else
    findings.push({
      check: 'address',
      state: 'fault',
      message: `another program answers at ${host}:${PORT}`,
      fix: 'Stop it, or set PORT to a free one.',
    });
  return findings;
};

/** Looks at everything that the server needs, one after the other, and changes nothing. */
export const examine = async (source: NodeJS.ProcessEnv): Promise<Finding[]> => {
  const { env, faults } = checkEnv(source);
  const findings = settings(source, faults);
  const isWrong = (name: string): boolean => faults.some((fault) => fault.includes(name));
  findings.push(...(await disk(env)));
  if (!isWrong('DATABASE_URL') && !findings.some(({ check, state }) => check === 'disk' && state === 'fault'))
    findings.push(...(await database(env)));
  if (!isWrong('S3_URL') && !isWrong('UPLOAD_DIR')) findings.push(...(await uploads(env)));
  if (!isWrong('REDIS_URL')) findings.push(await redis(env));
  if (!isWrong('SMTP_URL')) findings.push(await smtp(env));
  if (!isWrong('PORT') && !isWrong('PUBLIC_URL')) findings.push(...(await address(env)));
  return findings;
};

const LABEL = { ok: 'ok   ', note: 'note ', fault: 'FAULT' } as const;

/** As people read it. */
export const toReport = (findings: Finding[]): string => {
  const lines = findings.flatMap(({ check, state, message, fix }) => [
    `${LABEL[state]}  ${check.padEnd(10)}  ${message}`,
    ...(fix === undefined ? [] : [`${' '.repeat(19)}→ ${fix}`]),
  ]);
  const faults = findings.filter(({ state }) => state === 'fault').length;
  const verdict = faults === 0 ? 'Nothing stands in the way.' : `${faults === 1 ? 'One fault' : `${faults} faults`} to mend.`;
  return `${[...lines, '', verdict].join('\n')}\n`;
};
