// Builds the pages that visitors see, into dist/public: hashed files, compressed once, and the loader that sites put on their pages.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const OUT = resolve('dist/public');
const shared = {
  configFile: false,
  root: resolve('web'),
  logLevel: 'warn',
  publicDir: false,
  resolve: { alias: { '@parley/client': resolve('sdk/src/index.ts') } },
};
const target = ['chrome111', 'firefox115', 'safari16.4'];

/** Pages in one dialect of JSX; the first ones empty the folder. */
const buildPages = (importSource, pages, { emptyOutDir = false, output = {} }) =>
  build({
    ...shared,
    base: '/faces/',
    oxc: { jsx: { runtime: 'automatic', importSource } },
    build: {
      target,
      outDir: OUT,
      emptyOutDir,
      assetsDir: 'assets',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1_000,
      rollupOptions: {
        input: pages.map((page) => resolve('web', page)),
        output,
        // Nothing here runs on a server: what says that it is for clients says nothing new.
        onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
      },
    },
  });

await buildPages('preact', ['widget/panel.html', 'guest/index.html', 'demo/index.html'], { emptyOutDir: true });
// What the console begins with comes as one file: sixty small ones would take turns on the way.
const first = { name: 'console', tags: ['$initial'] };
await buildPages('react', ['console/index.html'], { output: { codeSplitting: { groups: [first] } } });
await build({
  ...shared,
  build: {
    target,
    outDir: OUT,
    emptyOutDir: false,
    lib: { entry: resolve('web/widget/loader.ts'), formats: ['iife'], name: 'parleyLoader', fileName: () => 'widget.js' },
  },
});

const compress = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (/\.(js|css|html|svg|json)$/.test(entry.name)) {
      const content = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
  }
};
compress(OUT);
