import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'src', 'migrations'];

/**
 * A copy of the project with this build of it, in `folder`, so that a build in the meantime changes nothing of what is
 * measured, and no .env is read.
 * @throws Error when there is no such build.
 */
export const snapshot = (root: string, dist: string, folder: string): string => {
  if (!existsSync(join(dist, 'bundle/server.mjs'))) throw new Error(`There is no build in ${dist}: run npm run build.`);
  mkdirSync(folder, { recursive: true });
  for (const name of SOURCES) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Last: `npm start` builds when the source is newer.
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  return folder;
};
