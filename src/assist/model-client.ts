import { Injectable } from '@nestjs/common';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { Endpoint } from '../business/ai-endpoints.js';
import { Env } from '../config/env.js';
import { limitedFetch } from './limited-fetch.js';

/** How many times AI_TIMEOUT, in which the first word must come, a whole answer may take. */
const WHOLE = 2;
const MOST_TOKENS = 1_000;
/** More words than two messages may hold are no answer. */
const MOST_CHARACTERS = 8_000;

export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** What a model is asked, with the tools that it may call; none where they are absent. */
export interface Prompt {
  messages: ChatCompletionMessageParam[];
  tools?: ChatCompletionTool[];
}

export interface ModelAnswer {
  text: string;
  calls: ToolCall[];
  tokens: number;
}

/** A piece of a stream, as far as it can be trusted to be as the protocol says. */
interface Piece {
  choices?: {
    delta?: { content?: unknown; tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[] };
    finish_reason?: string | null;
  }[];
  usage?: { total_tokens?: unknown } | null;
}

/** A conservative guess for servers that do not count. */
const estimate = (...texts: string[]): number => Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4);

/** Speaks with a model, at any endpoint that speaks the protocol of OpenAI, and believes nothing that comes back to be as it should. */
@Injectable()
export class ModelClient {
  constructor(private readonly env: Env) {}

  /**
   * @param say is called with the next words as they come.
   * @throws Error when there is no whole answer, for whatever reason, and when `signal` says that nobody wants it any more.
   */
  async ask(
    { baseURL, apiKey, model }: Endpoint,
    { messages, tools }: Prompt,
    say: (words: string) => void,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    const timeout = this.env.aiTimeoutSeconds * 1_000;
    // Loaded by those who have a model: it is a fifteenth of all that the server would load.
    const { default: OpenAI } = await import('openai');
    const client = new OpenAI({ baseURL, apiKey, maxRetries: 1, timeout, fetch: limitedFetch, logLevel: 'off' });
    const whole = AbortSignal.any([signal, AbortSignal.timeout(WHOLE * timeout)]);
    const body = { model, messages, tools, max_tokens: MOST_TOKENS, stream: true as const, stream_options: { include_usage: true } };
    const pieces: AsyncIterable<Piece> = await client.chat.completions.create(body, { signal: whole });
    const calls = new Map<number, ToolCall>();
    let text = '';
    let counted: unknown;
    let isEnded = false;
    for await (const { choices, usage } of pieces) {
      if (usage) counted = usage.total_tokens;
      const [choice] = choices ?? [];
      if (!choice) continue;
      if (choice.finish_reason) isEnded = true;
      const { content, tool_calls = [] } = choice.delta ?? {};
      const words = typeof content === 'string' ? content : '';
      text += words;
      if (text.length > MOST_CHARACTERS) throw new Error('the answer has no end');
      if (words !== '') say(words);
      for (const { index, id, function: called } of tool_calls) {
        const call = calls.get(index) ?? { id: id ?? `call_${index}`, name: '', arguments: '' };
        call.name += called?.name ?? '';
        call.arguments += called?.arguments ?? '';
        calls.set(index, call);
      }
    }
    whole.throwIfAborted();
    if (!isEnded) throw new Error('the answer broke off');
    const tokens =
      Number.isSafeInteger(counted) && (counted as number) >= 0 ? (counted as number) : estimate(text, JSON.stringify(messages));
    return { text, calls: [...calls.values()], tokens };
  }
}
