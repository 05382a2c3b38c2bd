import 'reflect-metadata';
import { Command, Option } from 'commander';
import { CreateAgentDto, CreateBusinessDto } from '../auth/auth.dto.js';
import { OperatorService } from '../auth/operator.service.js';
import { BusinessService } from '../business/business.service.js';
import { loadEnv, settingsOfProcess } from '../config/env.js';
import { VERSION } from '../config/version.js';
import { STAFF_ROLES, type StaffRole } from '../contract/user.js';
import { rotateKeptSecret } from '../database/kept-secrets.js';
import { AppError } from '../error/app-error.js';
import { CountService } from '../report/count.service.js';
import { SeedService } from '../seed/seed.service.js';
import { faultsOf } from '../validation/payload.pipe.js';
import { isMailAddress } from '../validation/rules.js';
import { backUpTo, restoreFrom } from './backup.js';
import { examine, toReport } from './doctor.js';
import { withServices } from './open.js';

/** Names are what people chose: nothing in them moves the cursor of the terminal. */
const say = (...lines: string[]): void =>
  void process.stdout.write(`${lines.map((line) => line.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')).join('\n')}\n`);

/** @throws Error that says what is wrong, by the rules of the API. */
const validated = (type: new () => object, payload: Record<string, unknown>): void => {
  const [fault] = faultsOf(type, payload);
  if (fault) throw new Error(`${fault.path} ${fault.message}`);
};

const mailAddress = (value: string): string => {
  if (!isMailAddress(value)) throw new Error(`${value} is no e-mail address`);
  return value;
};

const program = new Command('npm run cli --')
  .description(
    'Commands for whoever runs this Parley server. They act on the database that the settings name, whether a server runs or not.',
  )
  .version(VERSION)
  .showHelpAfterError()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'parley: ')) });

const BUSINESS = ['--business <slug>', 'the business, by its slug or id'] as const;

program
  .command('business:create')
  .description('found a business with its first admin, also while sign-up is closed')
  .requiredOption('--name <name>', 'its name')
  .option('--slug <slug>', 'its readable name in addresses')
  .requiredOption('--admin-email <address>', 'where its admin is reached', mailAddress)
  .option('--admin-name <name>', 'how its admin is called', 'Admin')
  .action(async ({ name, slug, adminEmail, adminName }: { name: string; slug?: string; adminEmail: string; adminName: string }) => {
    validated(CreateBusinessDto, {
      name,
      ...(slug !== undefined && { slug }),
      admin: { name: adminName, email: adminEmail, password: 'made for them' },
    });
    const { business, password } = await withServices(loadEnv(), (services) =>
      services.get(OperatorService).createBusiness(name, slug, { name: adminName, email: adminEmail }),
    );
    say(
      `${business.name} is founded: ${business.slug} (${business.id})`,
      `admin   ${adminEmail}   ${password}`,
      'The password is shown this once.',
    );
  });

program
  .command('business:list')
  .description('list the businesses')
  .action(async () => {
    const businesses = await withServices(loadEnv(), (services) => services.get(BusinessService).all());
    say(...businesses.map(({ id, slug, name }) => `${id}   ${slug}   ${name}`), `${businesses.length} in all`);
  });

program
  .command('user:create')
  .description('make an agent or admin')
  .requiredOption(...BUSINESS)
  .requiredOption('--email <address>', 'where the person is reached', mailAddress)
  .requiredOption('--name <name>', 'how the person is called')
  .addOption(new Option('--role <role>', 'what the person is').choices(STAFF_ROLES).default('agent'))
  .option('--invite', 'mail an invitation to choose a password, instead of showing one')
  .action(async ({ invite, ...person }: { business: string; email: string; name: string; role: StaffRole; invite?: true }) => {
    const { business: _, ...agent } = person;
    validated(CreateAgentDto, agent);
    const password = await withServices(loadEnv(), async (services): Promise<string | undefined> => {
      const operator = services.get(OperatorService);
      if (!invite) return operator.createStaff(person);
      await operator.invite(person);
      return undefined;
    });
    if (password === undefined) say(`${person.email} is invited: the mail leaves with the running server, or when it starts.`);
    else say(`${person.role}   ${person.email}   ${password}`, 'The password is shown this once.');
  });

program
  .command('user:list')
  .description('list the agents and admins of a business')
  .requiredOption(...BUSINESS)
  .action(async ({ business }: { business: string }) => {
    const staff = await withServices(loadEnv(), (services) => services.get(OperatorService).staff(business));
    say(...staff.map(({ id, role, email, name, disabled }) => `${id}   ${role}   ${email}   ${name}${disabled ? '   disabled' : ''}`));
  });

program
  .command('user:reset')
  .description('give somebody a new password and end all sessions of that person')
  .requiredOption(...BUSINESS)
  .requiredOption('--email <address>', 'the address that the person signs in with', mailAddress)
  .option('--remove-second-factor', 'also take the second factor away, for a phone that was lost', false)
  .action(async ({ business, email, removeSecondFactor }: { business: string; email: string; removeSecondFactor: boolean }) => {
    const password = await withServices(loadEnv(), (services) =>
      services.get(OperatorService).resetPassword(business, email, removeSecondFactor),
    );
    say(`${email}   ${password}`, 'The password is shown this once. All sessions of the person are ended.');
  });

program
  .command('key:rotate')
  .description('take a new secret for access tokens: those that are out are good no more, people stay signed in by their refresh tokens')
  .action(() => {
    const { JWT_ACCESS_SECRET, dataDir } = loadEnv();
    if (JWT_ACCESS_SECRET !== undefined) {
      throw new Error(
        'JWT_ACCESS_SECRET is set, so you keep it: set it to a new value, such as the output of "openssl rand -hex 32", and start the servers again',
      );
    }
    rotateKeptSecret(dataDir);
    say(`A new secret is kept in ${dataDir}. Start the server again: it signs with it from then on.`);
  });

program
  .command('report:recount')
  .description('make the counts of the reports anew, from the history of the rooms; servers may run meanwhile')
  .action(async () => {
    const rooms = await withServices(loadEnv(), (services) => services.get(CountService).recount());
    say(`The counts are made anew, from ${rooms} rooms.`);
  });

program
  .command('seed')
  .description('found a business with what a month leaves behind, to have a look at: agents, customers, rooms in all states, figures')
  .option('--slug <slug>', 'its readable name in addresses; one that is taken is left as it is', 'meadow')
  .option('--force', 'also in production', false)
  .action(async ({ slug, force }: { slug: string; force: boolean }) => {
    const env = loadEnv();
    if (env.isProduction && !force)
      throw new Error('this is production: what is made up stands beside what is real. --force does it all the same');
    validated(CreateBusinessDto, {
      name: 'made up',
      slug,
      admin: { name: 'Ada', email: `ada@${slug}.example`, password: 'made for them' },
    });
    const { people, rooms } = await withServices(env, (services) => services.get(SeedService).fill(slug, new Date())).catch(
      (error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'business.slug_taken') throw error;
        throw new Error(`There is a business ${slug} already, and nothing was changed. Name another with --slug`);
      },
    );
    say(
      `The business ${slug} is filled: ${rooms} rooms of 30 days. The passwords are shown this once:`,
      ...people.map(({ role, email, password }) => `${role}   ${email}   ${password}`),
    );
  });

program
  .command('backup')
  .argument('<folder|file>', 'where to; a folder gets a file with the time in its name')
  .description('write one consistent copy of the database, the uploads and the generated secrets, while servers go on working')
  .action(async (target: string) => {
    const { file, rows, files, bucket } = await backUpTo(target, loadEnv());
    say(`${file} holds ${rows} rows and ${files} files. Keep it like a password: secrets are in it.`);
    if (bucket !== undefined) say(`Uploaded files are NOT in it: they are in the bucket ${bucket}. Copy the bucket now as well.`);
  });

program
  .command('restore')
  .argument('<file>', 'a file that backup has written')
  .description('put a backup into an empty database and folder, all of it or nothing; no server may run on them')
  .option('--force', 'replace what is there', false)
  .action(async (file: string, { force }: { force: boolean }) => {
    const { rows, files, bucket } = await restoreFrom(file, loadEnv(), force);
    say(`${rows} rows and ${files} files are restored. Clients that were here since the backup start over.`);
    if (bucket !== undefined)
      say(`Uploaded files are looked for in the bucket ${bucket}. What is newer in it than the backup is removed once a server runs.`);
  });

program
  .command('doctor')
  .description('look at the settings, the disk, the database, its migrations, Redis, SMTP and the address, and say what to mend')
  .option('--json', 'for programs', false)
  .action(async ({ json }: { json: boolean }) => {
    const findings = await examine(settingsOfProcess());
    process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : toReport(findings));
    if (findings.some(({ state }) => state === 'fault')) process.exitCode = 1;
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`parley: ${(error as Error).message.replace(/\s+/g, ' ')}\n`);
  process.exit(1);
});
