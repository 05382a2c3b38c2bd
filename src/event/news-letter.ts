import { createHmac, timingSafeEqual } from 'node:crypto';
import { ID_PATTERN } from '../contract/scalar.js';
import { isNews, type News } from './news.js';

/** What one server tells the others at one moment. */
export interface NewsLetter {
  /** The server that wrote it, new at each of its starts. */
  from: string;
  /** 1, 2, 3 …: a number that is left out is a letter that was lost. */
  number: number;
  /** Whether it wants to hear what is in no database. */
  isAsking: boolean;
  /** Whether it is the last one. */
  isLast: boolean;
  news: News[];
}

const ID = new RegExp(`^${ID_PATTERN}$`);
const SIGNATURE_LENGTH = 43;
const LONGEST = 32 * 1024 ** 2;

/**
 * Writes and reads letters. A Redis may be shared with others: each letter is signed by what only the servers of one
 * installation know, and whatever is not signed so, or looks otherwise, is as if it had never come.
 */
export class NewsPost {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = createHmac('sha256', secret).update('news between servers').digest();
  }

  seal({ from, number, isAsking, isLast, news }: NewsLetter): string {
    const body = JSON.stringify([from, number, isAsking, isLast, news]);
    return this.sign(body) + body;
  }

  /** Undefined when it is not to be trusted. */
  open(text: string): NewsLetter | undefined {
    if (text.length > LONGEST) return undefined;
    const body = text.slice(SIGNATURE_LENGTH);
    const signature = Buffer.from(text.slice(0, SIGNATURE_LENGTH));
    const expected = Buffer.from(this.sign(body));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    try {
      const letter: unknown = JSON.parse(body);
      if (!Array.isArray(letter)) return undefined;
      const [from, number, isAsking, isLast, news] = letter as unknown[];
      if (typeof from !== 'string' || !ID.test(from) || !Number.isSafeInteger(number) || !Array.isArray(news)) return undefined;
      // Of another version some may be unknown here; the others count.
      return { from, number: number as number, isAsking: isAsking === true, isLast: isLast === true, news: news.filter(isNews) };
    } catch {
      return undefined;
    }
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}
