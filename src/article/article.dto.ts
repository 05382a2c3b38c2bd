import { IsBoolean } from 'class-validator';
import { MAX_ARTICLE_LENGTH, MAX_TITLE_LENGTH } from '../contract/article.js';
import { IsBody, IsId, IsLimit, IsText, Optional } from '../validation/rules.js';

const IsTrueOrFalse = (): PropertyDecorator => IsBoolean({ message: 'must be true or false' });

export class ArticleIdParam {
  @IsId()
  id: string;
}

export class ListArticlesQuery {
  /** Taken literally, whatever signs are in it. */
  @Optional()
  @IsText(200)
  q?: string;

  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

export class CreateArticleDto {
  @IsText(MAX_TITLE_LENGTH)
  title: string;

  @IsBody(MAX_ARTICLE_LENGTH)
  body: string;

  @IsTrueOrFalse()
  public: boolean;
}

export class UpdateArticleDto {
  @Optional()
  @IsText(MAX_TITLE_LENGTH)
  title?: string;

  @Optional()
  @IsBody(MAX_ARTICLE_LENGTH)
  body?: string;

  @Optional()
  @IsTrueOrFalse()
  public?: boolean;
}
