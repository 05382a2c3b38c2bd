import { setTimeout as sleep } from 'node:timers/promises';
import { Conversation, lossesOf, settle, type Losses } from '../conversation.js';
import { cpuBetween } from '../proc.js';
import type { Target } from '../target.js';

export const ROOMS = 50;
const IN_FLIGHT = 4;
/** Until every server's pipes are full again after its pause. */
const LEAD_IN_MS = 200;

export interface Throughput extends Losses {
  messages: number;
  perSecond: number;
  /** Microseconds for each message: of the server with its database, and of each. */
  cpu: number;
  cpuOfNode: number;
  cpuOfPostgres: number;
  /** How busy the cores of server and load generator were, 1 being all of the time. */
  serverBusy: number;
  loadBusy: number;
}

/** The standard load: each of 50 guests keeps four messages in flight. It stays connected between its turns. */
export class StandardLoad {
  private constructor(
    private readonly target: Target,
    private readonly conversations: readonly Conversation[],
  ) {}

  static async start(target: Target, warmUp: number): Promise<StandardLoad> {
    const load = new StandardLoad(target, await Conversation.startAll(target, ROOMS));
    await load.run(() => sleep(warmUp * 1000));
    return load;
  }

  async measure(seconds: number): Promise<Throughput> {
    const { process: server } = this.target;
    const lossesBefore = lossesOf(this.conversations);
    const measured = await this.run(async () => {
      await sleep(LEAD_IN_MS);
      const from = { at: performance.now(), done: this.done, cpu: server.cpu(), load: process.cpuUsage() };
      await sleep(seconds * 1000);
      const { user, system } = process.cpuUsage(from.load);
      const elapsed = (performance.now() - from.at) / 1000;
      return { elapsed, messages: this.done - from.done, ...cpuBetween(from.cpu, server.cpu()), load: (user + system) / 1e6 };
    });
    const { elapsed, messages, node, postgres, load } = measured;
    const micros = (cpuSeconds: number): number => (cpuSeconds / messages) * 1e6;
    const losses = lossesOf(this.conversations);
    return {
      messages,
      perSecond: messages / elapsed,
      cpu: micros(node + postgres),
      cpuOfNode: micros(node),
      cpuOfPostgres: micros(postgres),
      serverBusy: (node + postgres) / elapsed,
      loadBusy: load / elapsed,
      lost: losses.lost - lossesBefore.lost,
      repeated: losses.repeated - lossesBefore.repeated,
      reordered: losses.reordered - lossesBefore.reordered,
      unacked: losses.unacked - lossesBefore.unacked,
    };
  }

  private get done(): number {
    return this.conversations.reduce((sum, { done }) => sum + done, 0);
  }

  /** Keeps the load up while `meanwhile` goes on, then waits for what is still on its way. */
  private async run<Result>(meanwhile: () => Promise<Result>): Promise<Result> {
    let isOver = false;
    for (const conversation of this.conversations) {
      conversation.onAck = () => {
        if (!isOver) conversation.send();
      };
      for (let n = 0; n < IN_FLIGHT; n++) conversation.send();
    }
    const result = await meanwhile();
    isOver = true;
    await settle(this.conversations);
    return result;
  }
}
