import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Article as ArticleView } from '../contract/article.js';
import type { Page } from '../contract/page.js';
import { retried } from '../database/clash.js';
import { literally } from '../database/literally.js';
import { newId } from '../database/new-id.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { decodeCursor, toPage } from '../validation/cursor.js';
import { isUuid, limitOrDefault } from '../validation/rules.js';
import type { CreateArticleDto, ListArticlesQuery, UpdateArticleDto } from './article.dto.js';
import { Article } from './article.entity.js';
import { rank, type Candidate, type Match } from './match.js';
import { takeTurns } from '../database/take-turns.js';

const MAX_ARTICLES = 1_000;
/** Of a common word many articles have, those that have more of the question are looked at. */
const MOST_CANDIDATES = 50;

const WORDS = (article: string): string => `
(SELECT setweight(search_words(c.configuration, ${article}.title), 'A') || setweight(search_words(c.configuration, ${article}.body), 'B')
  FROM business b CROSS JOIN LATERAL (SELECT search_configuration(b.locale) AS configuration) c WHERE b.id = ${article}.business_id)`;

const INSERT = `
INSERT INTO article (id, business_id, title, body, is_public, words)
  SELECT n.*, ${WORDS('n')} FROM (SELECT $1::uuid AS id, $2::uuid AS business_id, $3::text AS title, $4::text AS body, $5::boolean AS is_public) n`;

/** Of one article, or of all those of a business that speaks another language now. */
const REINDEX = `UPDATE article a SET words = ${WORDS('a')} WHERE a.business_id = $1 AND ($2::uuid IS NULL OR a.id = $2)`;

const ASKED = `
SELECT tsvector_to_array(to_tsvector(search_configuration(b.locale), search_text($2))) AS words,
    (SELECT count(*)::integer FROM article a WHERE a.business_id = b.id AND (a.is_public OR $3)) AS total
  FROM business b WHERE b.id = $1`;

const CANDIDATES = `
SELECT a.id, a.title, a.body, own.hits, ARRAY(SELECT unnest(own.hits) INTERSECT SELECT unnest(tsvector_to_array(ts_filter(a.words, '{a}')))) AS "titleHits"
  FROM article a
  CROSS JOIN LATERAL (SELECT ARRAY(SELECT unnest($2::text[]) INTERSECT SELECT unnest(tsvector_to_array(a.words))) AS hits) own
  WHERE a.business_id = $1 AND (a.is_public OR $3) AND a.words @@ (SELECT string_agg('''' || replace(replace(w, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery FROM unnest($2::text[]) w)
  ORDER BY cardinality(own.hits) DESC, a.id LIMIT ${MOST_CANDIDATES}`;

const toView = ({ id, title, body, isPublic, createdAt, updatedAt }: Article): ArticleView => ({
  ...{ id, title, body, public: isPublic },
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What a business knows. */
@Injectable()
export class ArticleService {
  private readonly logger = new Logger(ArticleService.name);

  constructor(
    @InjectRepository(Article) private readonly articles: Repository<Article>,
    private readonly events: EventBus,
  ) {
    events.onOwn('business.updated', ({ businessId, isLocaleChanged }) => isLocaleChanged && void this.reindex(businessId));
  }

  /** The newest first. */
  async list({ businessId }: Actor, { q, limit, cursor }: ListArticlesQuery): Promise<Page<ArticleView>> {
    const size = limitOrDefault(limit);
    const found = this.articles.createQueryBuilder('a').where('a.business_id = :businessId', { businessId });
    if (q !== undefined) found.andWhere('(a.title ILIKE :like OR a.body ILIKE :like)', { like: literally(q) });
    if (cursor !== undefined) {
      const [before] = decodeCursor(cursor, [isUuid]);
      found.andWhere('a.id < :before', { before });
    }
    const rows = await found
      .orderBy('a.id', 'DESC')
      .take(size + 1)
      .getMany();
    const page = toPage(rows, size, ({ id }) => [id]);
    return { ...page, items: page.items.map(toView) };
  }

  /** @throws AppError `article.not_found`. */
  async get({ businessId }: Actor, id: string): Promise<ArticleView> {
    return toView(await this.find(businessId, id));
  }

  /** @throws AppError `article.limit_reached`. */
  async create(actor: Actor, { title, body, public: isPublic }: CreateArticleDto): Promise<ArticleView> {
    const { businessId } = actor;
    const id = newId();
    await this.events.transaction(async (tx) => {
      await takeTurns(tx, `article ${businessId}`);
      if ((await tx.countBy(Article, { businessId })) >= MAX_ARTICLES) throw new AppError('article.limit_reached');
      await tx.query(INSERT, [id, businessId, title, body, isPublic]);
    });
    return this.get(actor, id);
  }

  /** @throws AppError `article.not_found`. */
  async update(actor: Actor, id: string, { public: isPublic, ...texts }: UpdateArticleDto): Promise<ArticleView> {
    const { businessId } = actor;
    const changes = { ...texts, ...(isPublic !== undefined && { isPublic }) };
    await this.events.transaction(async (tx) => {
      await this.find(businessId, id, tx);
      if (Object.keys(changes).length === 0) return;
      await tx.update(Article, { id }, { ...changes, updatedAt: new Date() });
      await tx.query(REINDEX, [businessId, id]);
    });
    return this.get(actor, id);
  }

  /** @throws AppError `article.not_found`. */
  async delete({ businessId }: Actor, id: string): Promise<void> {
    const { affected } = await retried(() => this.articles.delete({ id, businessId }));
    if (affected !== 1) throw new AppError('article.not_found');
  }

  /** The articles that have something of a question, the best match first. */
  async match(businessId: string, question: string, withInternal: boolean): Promise<Match[]> {
    const [asked] = await this.articles.query<{ words: string[]; total: number }[]>(ASKED, [businessId, question, withInternal]);
    const { words = [], total = 0 } = asked ?? {};
    if (words.length === 0) return [];
    return rank(words, await this.articles.query<Candidate[]>(CANDIDATES, [businessId, words, withInternal]), total);
  }

  private async find(businessId: string, id: string, tx?: EntityManager): Promise<Article> {
    const repository = tx?.getRepository(Article) ?? this.articles;
    const article = await repository.findOne({ where: { id, businessId }, ...(tx && { lock: { mode: 'for_no_key_update' as const } }) });
    if (!article) throw new AppError('article.not_found');
    return article;
  }

  private async reindex(businessId: string): Promise<void> {
    try {
      await this.articles.query(REINDEX, [businessId, null]);
    } catch (error) {
      this.logger.warn({ err: error, businessId }, 'articles could not be indexed in the language of their business');
    }
  }
}
