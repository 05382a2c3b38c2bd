import { Injectable } from '@nestjs/common';
import { ArticleService } from '../article/article.service.js';
import type { Match } from '../article/match.js';
import type { Engine, Outcome, Question } from './engine.js';
import { isGreeting } from './wishes.js';
import { wordingOf } from './wording.js';

/** From here on an article is an answer. */
const THRESHOLD = 0.5;
/** Longer articles are told up to the end of a paragraph. */
const MOST_TOLD = 1_500;

const beginningOf = (body: string): string => {
  if (body.length <= MOST_TOLD) return body.trim();
  const cut = body.slice(0, MOST_TOLD);
  const end = Math.max(cut.lastIndexOf('\n\n'), cut.lastIndexOf('. ') + 1);
  return `${(end > MOST_TOLD / 3 ? cut.slice(0, end) : cut.replace(/[\uD800-\uDBFF]$/, '')).trim()} …`;
};

/** An article as an answer, which names it. */
const told = ({ title, body }: Pick<Match, 'title' | 'body'>, locale: string): string =>
  `${beginningOf(body)}\n\n${wordingOf(locale).source}: ${title}`;

/** Answers from the articles of the business, and needs nothing else. */
@Injectable()
export class FaqEngine implements Engine {
  constructor(private readonly articles: ArticleService) {}

  async answer({ businessId, locale, text, before }: Question, say: (words: string) => void): Promise<Outcome> {
    const reply = isGreeting(text) && before.length === 0 ? wordingOf(locale).greeting : await this.find(businessId, text, locale);
    if (reply === undefined) return { kind: 'hand_over', reason: 'unsure', tokens: 0 };
    say(reply);
    return { kind: 'reply', text: reply, tokens: 0 };
  }

  private async find(businessId: string, text: string, locale: string): Promise<string | undefined> {
    const [best] = await this.articles.match(businessId, text, false);
    return best && best.score >= THRESHOLD ? told(best, locale) : undefined;
  }
}
