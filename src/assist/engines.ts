import { Injectable } from '@nestjs/common';
import type { AiSettings } from '../contract/business.js';
import type { Engine } from './engine.js';
import { FaqEngine } from './faq.engine.js';
import { OpenAiEngine } from './openai.engine.js';

/** Which engine answers for a business. */
@Injectable()
export class Engines {
  constructor(
    private readonly faq: FaqEngine,
    private readonly openai: OpenAiEngine,
  ) {}

  of({ engine }: AiSettings): Engine {
    return engine === 'faq' ? this.faq : this.openai;
  }
}
