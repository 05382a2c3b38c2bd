import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../support/factories.js';
import { rest } from '../support/rest.js';
import type { Recorder } from './history.js';
import { between, oneOf, type Random } from './random.js';

/** Refusals that the state of a room explains. */
const EXPECTED = ['unavailable', 'room.already_assigned', 'agent.unavailable'];

/** An agent that changes rooms all the time, so that activity lines come between the messages by the other way of writing. */
export class Clerk {
  changes = 0;

  constructor(
    private readonly agent: Person,
    private readonly rooms: string[],
    private readonly url: string,
    private readonly recorder: Recorder,
    private readonly random: Random,
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    const { agent, random } = this;
    while (!isOver()) {
      const path = `/api/rooms/${oneOf(random, this.rooms)}`;
      const [method, url, body] = oneOf(random, [
        ['PATCH', path, { priority: oneOf(random, ['low', 'normal', 'high', 'urgent']) }],
        // Put aside: the customer's next message opens it again, which writes a line inside the message's own commit.
        ['PATCH', path, { status: 'pending' }],
        ['POST', `${path}/assign`, { agentId: agent.id }],
        ['POST', `${path}/assign`, { agentId: null }],
        ['POST', `${path}/claim`, {}],
      ] as const);
      await this.change(method, url, body);
      await sleep(between(random, 0, 60));
    }
  }

  private async change(method: string, path: string, body: object): Promise<void> {
    try {
      const answer = await rest(this.url, method, path, { token: this.agent.token, body });
      if (answer.status === 200) this.changes++;
      else if (!EXPECTED.includes(answer.body.code)) this.recorder.odd(`${method} ${path} ${JSON.stringify(body)}: ${answer.body.code}`);
    } catch {
      // The server was dead; what became of the change shows in the history.
    }
  }
}
