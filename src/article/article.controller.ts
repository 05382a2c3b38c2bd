import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Article } from '../contract/article.js';
import type { Page } from '../contract/page.js';
import { ArticleIdParam, CreateArticleDto, ListArticlesQuery, UpdateArticleDto } from './article.dto.js';
import { ArticleService } from './article.service.js';

@Controller('api/articles')
export class ArticleController {
  constructor(private readonly articles: ArticleService) {}

  @Get()
  @Access('article.list')
  list(@CurrentActor() actor: Actor, @Query() query: ListArticlesQuery): Promise<Page<Article>> {
    return this.articles.list(actor, query);
  }

  @Post()
  @Access('article.create')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateArticleDto): Promise<Article> {
    return this.articles.create(actor, dto);
  }

  @Get(':id')
  @Access('article.get')
  get(@CurrentActor() actor: Actor, @Param() { id }: ArticleIdParam): Promise<Article> {
    return this.articles.get(actor, id);
  }

  @Patch(':id')
  @Access('article.update')
  update(@CurrentActor() actor: Actor, @Param() { id }: ArticleIdParam, @Body() dto: UpdateArticleDto): Promise<Article> {
    return this.articles.update(actor, id, dto);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('article.delete')
  delete(@CurrentActor() actor: Actor, @Param() { id }: ArticleIdParam): Promise<void> {
    return this.articles.delete(actor, id);
  }
}
