import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { VERSION } from '../src/config/version.js';

/** The foundation that every module may use. */
const FOUNDATION = [
  ...['contract', 'config', 'access', 'error', 'event', 'database', 'redis', 'time', 'validation', 'metrics', 'health', 'page'],
];

/** What each module may import beside itself and, from `stream` on, the foundation. Imports point down only. */
const LAYERS: Record<string, string[]> = {
  contract: [],
  config: ['contract'],
  page: [],
  time: [],
  metrics: ['contract', 'config'],
  error: ['contract'],
  validation: ['contract', 'error', 'time'],
  database: ['contract', 'config', 'metrics'],
  redis: ['config', 'database'],
  event: ['contract', 'config', 'database', 'redis', 'time'],
  access: ['contract', 'config', 'error', 'metrics', 'redis'],
  health: ['contract', 'config', 'access', 'error', 'database', 'metrics', 'page', 'redis'],
  stream: FOUNDATION,
  presence: FOUNDATION,
  mail: FOUNDATION,
  audit: FOUNDATION,
  business: [...FOUNDATION, 'audit', 'presence'],
  auth: [...FOUNDATION, 'audit', 'business', 'mail', 'presence'],
  room: [...FOUNDATION, 'audit', 'business', 'presence', 'stream'],
  upload: [...FOUNDATION, 'business', 'room'],
  inbox: [...FOUNDATION, 'business', 'room'],
  draft: [...FOUNDATION, 'room'],
  'canned-reply': [...FOUNDATION, 'business', 'room'],
  article: [...FOUNDATION, 'business'],
  message: [...FOUNDATION, 'business', 'room', 'stream', 'upload'],
  search: [...FOUNDATION, 'business', 'inbox', 'message', 'room', 'stream'],
  transcript: [...FOUNDATION, 'audit', 'room', 'stream'],
  customer: [...FOUNDATION, 'audit', 'business', 'inbox', 'room', 'stream'],
  chat: [...FOUNDATION, 'auth', 'business', 'inbox', 'room', 'message', 'presence'],
  assist: [...FOUNDATION, 'article', 'business', 'message', 'room', 'stream'],
  automation: [...FOUNDATION, 'auth', 'business', 'mail', 'message', 'room', 'stream'],
  routing: [...FOUNDATION, 'business', 'presence', 'room'],
  report: FOUNDATION,
  seed: [...FOUNDATION, 'auth', 'business', 'canned-reply', 'inbox', 'message', 'report', 'room', 'upload'],
  cli: [...FOUNDATION, 'auth', 'backup', 'business', 'mail', 'message', 'report', 'seed', 'upload'],
  backup: ['contract', 'config', 'database'],
  faces: ['business', 'config'],
  reference: FOUNDATION,
};

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const sources = tracked.filter((file) => /^src\/.+\/.+\.ts$/.test(file) && !file.endsWith('.spec.ts'));
const moduleOf = (file: string): string => file.split('/')[1] ?? '';

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path]) => normalize(join(dirname(file), path ?? '')));

describe('the house', () => {
  it('knows the layer of every module', () => {
    expect([...new Set(sources.map(moduleOf))].sort()).toEqual(Object.keys(LAYERS).sort());
  });

  it('imports point down', () => {
    const upward = sources.flatMap((file) =>
      importsOf(file)
        .filter((path) => path.startsWith('src/'))
        .filter((path) => moduleOf(path) !== moduleOf(file) && !LAYERS[moduleOf(file)]?.includes(moduleOf(path)))
        .map((path) => `${file} → ${path}`),
    );
    expect(upward).toEqual([]);
  });

  it('names no other module’s entity but in an entity, a view or a type', () => {
    const reads = sources
      .filter((file) => !file.endsWith('.entity.ts'))
      .filter((file) => {
        const text = readFileSync(file, 'utf8');
        return [...text.matchAll(/import \{([^}]+)\} from '\.\.\/([a-z]+)\/[a-z-]+\.entity\.js'/g)].some(
          ([, names]) => !/^\s*(type \w+\s*,?\s*)+$/.test(names ?? '') && /getRepository|InjectRepository|\btx\.\w+\(/.test(text),
        );
      });
    // The streams' tables are shared by the modules whose transactions write to them.
    expect(reads.filter((file) => !/^src\/(room|message)\//.test(file))).toEqual([]);
  });

  it('T23 is tested whole: no test replaces a guard, a provider or a module', () => {
    const tests = tracked.filter((file) => file.endsWith('.e2e-spec.ts') || file.startsWith('test/support/'));
    expect(tests.filter((file) => /override(Guard|Provider|Module|Pipe|Filter)|jest\.mock/.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('has no barrels, no forwardRef and no folders that say nothing', () => {
    expect(tracked.filter((file) => /^src\/.*(index\.ts$|\/(utils?|common|shared|helpers?|core)\/)/.test(file))).toEqual([]);
    expect(sources.filter((file) => readFileSync(file, 'utf8').includes('forwardRef'))).toEqual([]);
  });

  it('has no names that say nothing', () => {
    const declared = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^export (?:abstract )?(?:class|interface|type) (\w+)/gm)].map(([, name]) => name ?? ''),
    );
    expect(
      declared.filter((name) => /^I[A-Z]|Manager$|Helper$|Utils?$|^Base|Impl$|Info$/.test(name)).filter((name) => name !== 'ClientInfo'),
    ).toEqual([]);
  });

  it('keeps files short', () => {
    expect(sources.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301)).toEqual([]);
  });

  it('lists every test of an id in docs/trust.md', () => {
    expect(() => execFileSync('node', ['scripts/trust-table.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
  });

  it('says its version once', () => {
    expect((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version).toBe(VERSION);
  });
});
