import { readFileSync } from 'node:fs';

/** Linux shows CPU times in hundredths of a second, whatever it counts in itself. */
const TICKS_PER_SECOND = 100;

/** CPU seconds, of the server's own process and of all processes of its PostgreSQL. */
export interface Cpu {
  node: number;
  postgres: number;
}

interface Times {
  own: number;
  /** Of the children that have ended. */
  ended: number;
}

const timesOf = (pid: number): Times => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold blanks and brackets. The first field behind it is the third of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]) / TICKS_PER_SECOND;
    return { own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return { own: 0, ended: 0 };
  }
};

const childrenOf = (pid: number): number[] => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** What a server has used so far. A process of PostgreSQL that ended in the meantime counts by what its postmaster took over. */
export const cpuOf = (nodePid: number, postmasterPid: number | undefined): Cpu => {
  const node = timesOf(nodePid).own;
  if (postmasterPid === undefined) return { node, postgres: 0 };
  const live = childrenOf(postmasterPid).reduce((sum, pid) => sum + timesOf(pid).own, 0);
  const { own, ended } = timesOf(postmasterPid);
  return { node, postgres: own + ended + live };
};

export const cpuBetween = (from: Cpu, to: Cpu): Cpu => ({ node: to.node - from.node, postgres: to.postgres - from.postgres });

/** Resident memory in bytes. */
export const residentOf = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};
