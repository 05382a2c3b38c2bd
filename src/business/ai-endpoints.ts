import { Injectable } from '@nestjs/common';
import { Env } from '../config/env.js';
import type { AiSettings } from '../contract/business.js';

export interface Endpoint {
  baseURL: string;
  apiKey: string;
  model: string;
}

/** What stands in place of a key for a server that wants none. */
const NO_KEY = 'none';

const plain = (address: string): string => {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/\/+$/, '');
};

/** Where models are, which only the operator decides: a business chooses among the endpoints that are allowed. */
@Injectable()
export class AiEndpoints {
  /** By their addresses without the keys. */
  private readonly keys: Map<string, string>;

  constructor(private readonly env: Env) {
    this.keys = new Map(env.AI_ALLOWED_URLS.map((url) => [plain(url), decodeURIComponent(new URL(url).password) || NO_KEY]));
  }

  isAllowed(baseUrl: string): boolean {
    return URL.canParse(baseUrl) && this.keys.has(plain(baseUrl));
  }

  /** Whether the settings lead to a model. */
  isSet(settings: Pick<AiSettings, 'baseUrl' | 'model'>): boolean {
    try {
      return this.of(settings).model !== '';
    } catch {
      return false;
    }
  }

  /** @throws Error when there is none, or the operator does not allow it any more. */
  of({ baseUrl, model }: Pick<AiSettings, 'baseUrl' | 'model'>): Endpoint {
    if (baseUrl !== null && !this.isAllowed(baseUrl)) throw new Error('the operator does not allow the endpoint of this business');
    const baseURL = baseUrl === null ? this.env.AI_BASE_URL : plain(baseUrl);
    const apiKey = baseUrl === null ? this.env.AI_API_KEY : this.keys.get(plain(baseUrl));
    const chosen = model ?? this.env.AI_MODEL;
    if (baseURL === undefined || chosen === undefined) throw new Error('AI_BASE_URL or AI_MODEL is not set');
    return { baseURL, apiKey: apiKey ?? NO_KEY, model: chosen };
  }
}
