export const GOALS = [
  { figure: 'wall', id: 'G1', what: 'durable throughput / relay, wall clock', better: 'higher', must: 0.4, aim: 0.6 },
  { figure: 'cpu', id: 'G2', what: 'CPU per durable message, database included / relay', better: 'lower', must: 2.5, aim: 1.7 },
  { figure: 'typical', id: 'G3', what: 'throughput / a typical TypeORM server', better: 'higher', must: 18, aim: 28 },
  { figure: 'insert', id: 'G3', what: 'throughput / one INSERT per message', better: 'higher', must: 2.5, aim: 3.8 },
  { figure: 'losses', id: 'G4', what: 'messages lost, repeated, reordered or unacked', better: 'lower', must: 0, aim: 0 },
  { figure: 'ackMedian', id: 'G5', what: 'ack at 150 messages/s, median / relay', better: 'lower', must: 4, aim: 3 },
  { figure: 'ackLate', id: 'G5', what: 'ack at 150 messages/s, 99th percentile / relay', better: 'lower', must: 2.5, aim: 1.5 },
  { figure: 'slowDisk', id: 'G6', what: 'throughput with 2 ms added to every fsync / without', better: 'higher', must: 0.6, aim: 0.75 },
  { figure: 'fanOut', id: 'G7', what: 'CPU per message to a room of 500 / relay', better: 'lower', must: 1.4, aim: 1.15 },
  { figure: 'memory', id: 'G8', what: 'memory per idle joined connection / relay', better: 'lower', must: 1.5, aim: 1.1 },
  { figure: 'connect', id: 'G9', what: 'CPU per connect and join, database included / relay', better: 'lower', must: 3, aim: 1.5 },
  { figure: 'start', id: 'G13', what: 'npm start to healthy, seconds', better: 'lower', must: 3, aim: 1.5 },
] as const satisfies readonly Goal[];

interface Goal {
  figure: string;
  id: string;
  what: string;
  better: 'higher' | 'lower';
  must: number;
  aim: number;
}

export type FigureName = (typeof GOALS)[number]['figure'];

type Verdict = 'aim' | 'must' | 'missed';

export const verdictOf = ({ better, must, aim }: Goal, figure: number): Verdict => {
  const reaches = (bound: number): boolean => (better === 'higher' ? figure >= bound : figure <= bound);
  return reaches(aim) ? 'aim' : reaches(must) ? 'must' : 'missed';
};
