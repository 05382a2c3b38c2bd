import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a client of the protocol asks, as far as tests look at it. */
interface Asked {
  model: string;
  messages: { role: string; content: string | null; tool_call_id?: string }[];
  tools: { function: { name: string } }[];
  authorization: string | undefined;
}

/** Answers one request. */
export type Behaviour = (answer: Answering, asked: Asked) => unknown;

/** A stream of the protocol, by hand. */
export class Answering {
  constructor(readonly response: ServerResponse) {}

  get isGone(): boolean {
    return this.response.destroyed;
  }

  words(content: string): this {
    return this.chunk({ content });
  }

  call(name: string, given = '{}', index = 0): this {
    return this.chunk({ tool_calls: [{ index, id: `call_${name}_${index}`, type: 'function', function: { name, arguments: given } }] });
  }

  end(finish_reason: 'stop' | 'tool_calls' = 'stop', tokens = 42): void {
    this.send({ choices: [{ index: 0, delta: {}, finish_reason }] });
    this.send({ choices: [], usage: { prompt_tokens: tokens - 2, completion_tokens: 2, total_tokens: tokens } });
    this.response.end('data: [DONE]\n\n');
  }

  fail(status: number, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    this.response.end(JSON.stringify({ error: { message: 'no', type: 'test' } }));
  }

  raw(text: string): this {
    if (!this.response.headersSent) this.response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    this.response.write(text);
    return this;
  }

  private chunk(delta: object): this {
    return this.send({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  private send(event: object): this {
    return this.raw(`data: ${JSON.stringify({ id: 'chat', object: 'chat.completion.chunk', created: 0, model: 'test', ...event })}\n\n`);
  }
}

export interface AiServer {
  url: string;
  asked: Asked[];
  /** How the next requests are answered. */
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A server on loopback that speaks the protocol of OpenAI, as well or as badly as a test wants. */
export const startAiServer = async (): Promise<AiServer> => {
  const asked: Asked[] = [];
  let behaviour: Behaviour = (answer) => answer.words('Hello').end();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { ...(JSON.parse(Buffer.concat(parts).toString()) as Asked), authorization: request.headers.authorization };
      asked.push(one);
      behaviour(new Answering(response), one);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    behave: (next) => (behaviour = next),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
};
