import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.js';
import type { MortalServer } from './mortal-server.js';
import { between, oneOf, shuffled, type Random } from './random.js';

const STRIKES = ['server', 'postgres', 'both', 'backend', 'server', 'postgres'] as const;
/** Of the strikes: the next one may come before everything is back. */
const HASTY = 0.2;

/** Kills the server and its database again and again, and cuts connections between. */
export class Nemesis {
  cuts = 0;

  constructor(
    private readonly server: MortalServer,
    private readonly connections: Connection[],
    private readonly random: Random,
  ) {}

  /** Strikes until `isOver`, then leaves everything whole. */
  async run(isOver: () => boolean): Promise<void> {
    let strikes: (typeof STRIKES)[number][] = [];
    while (!isOver()) {
      await this.bide();
      if (strikes.length === 0) strikes = shuffled(this.random, STRIKES);
      const target = strikes.pop();
      if (target === 'backend') this.server.killBackend(this.random);
      if (target === 'postgres' || target === 'both') this.server.killPostgres();
      if (target === 'server' || target === 'both') this.server.killServer();
      if (this.random() > HASTY) await this.server.ready();
    }
    await this.server.ready();
  }

  private async bide(): Promise<void> {
    for (let waits = 0; waits < 3; waits++) {
      await sleep(between(this.random, 50, 400));
      const connection = oneOf(this.random, this.connections);
      if (!connection.isUp) continue;
      connection.cut();
      this.cuts++;
    }
  }
}
