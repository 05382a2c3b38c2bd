import type { Page } from './page.js';
import type { Id, Time } from './scalar.js';

export const MAX_TITLE_LENGTH = 200;
/** The longest text of an article, in Unicode code points. */
export const MAX_ARTICLE_LENGTH = 20_000;

/** Something that the business knows, written down once. */
export interface Article {
  id: Id;
  title: string;
  /** Markdown. */
  body: string;
  /** Whether customers may be told it; else it helps staff alone. */
  public: boolean;
  createdAt: Time;
  updatedAt: Time;
}

export type ArticlePage = Page<Article>;
