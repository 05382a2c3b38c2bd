import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.js';

export interface Start {
  /** Seconds from the spawn to the first healthy answer. */
  seconds: number;
}

/** Starts the server by this command in the project's folder, on a data folder that is there already, and stops it. */
export const measureStart = async (project: string, folder: string, command: string[], isPinned: boolean): Promise<Start> => {
  const server = await ServerProcess.start({ folder, command, cwd: project, isPinned, env: { npm_config_update_notifier: 'false' } });
  const log = readFileSync(join(folder, 'server.log'), 'utf8');
  // npm stands between, and would end before the server has.
  const processId = [...log.matchAll(/^ +Process (\d+)$/gm)].at(-1)?.[1];
  server.adopt(Number(processId));
  await server.stop();
  if (log.includes('building')) throw new Error('The start built first: it was not measured');
  return { seconds: server.startMs / 1000 };
};
