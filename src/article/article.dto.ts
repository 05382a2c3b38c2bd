import { MAX_ARTICLE_LENGTH, MAX_TITLE_LENGTH } from '../contract/article.js';
import { PageQuery } from '../validation/page-query.js';
import { IsId, IsText, Optional } from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

export class ArticleIdParam {
  @IsId()
  id: string;
}

export class ListArticlesQuery extends PageQuery {
  /** Taken literally, whatever signs are in it. */
  @Optional()
  @IsText(200)
  q?: string;
}

export class CreateArticleDto {
  @IsText(MAX_TITLE_LENGTH)
  title: string;

  @IsText(MAX_ARTICLE_LENGTH)
  body: string;

  @IsTrueOrFalse()
  public: boolean;
}

export class UpdateArticleDto {
  @Optional()
  @IsText(MAX_TITLE_LENGTH)
  title?: string;

  @Optional()
  @IsText(MAX_ARTICLE_LENGTH)
  body?: string;

  @Optional()
  @IsTrueOrFalse()
  public?: boolean;
}
