import { Body, Controller, Get, Param, Post, Query, Req, Res, StreamableFile, UseInterceptors } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Attachment } from '../contract/message.js';
import { Multipart } from '../validation/multipart.decorator.js';
import { fileAnswer, thumbnailAnswer, wantedPart } from './download.response.js';
import { DownloadService } from './download.service.js';
import { UploadReceiver, type UploadRequest } from './upload-receiver.js';
import { SignedUrlQuery, UploadDto, UploadIdParam } from './upload.dto.js';
import { UploadService } from './upload.service.js';

@Controller('api/uploads')
export class UploadController {
  constructor(
    private readonly uploads: UploadService,
    private readonly downloads: DownloadService,
  ) {}

  @Post()
  @Access('upload.create')
  @Multipart('file')
  @UseInterceptors(UploadReceiver)
  create(@CurrentActor() actor: Actor, @Body() { roomId }: UploadDto, @Req() { received }: UploadRequest): Promise<Attachment> {
    return this.uploads.create(actor, roomId, received);
  }

  @Get(':id')
  @Access('upload.get')
  async get(
    @CurrentActor() actor: Actor | undefined,
    @Param() { id }: UploadIdParam,
    @Query() signed: SignedUrlQuery,
    @Req() { headers }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return fileAnswer(response, await this.downloads.file(actor, id, signed, wantedPart(response, headers.range)));
  }

  @Get(':id/thumbnail')
  @Access('upload.thumbnail')
  async thumbnail(
    @CurrentActor() actor: Actor | undefined,
    @Param() { id }: UploadIdParam,
    @Query() signed: SignedUrlQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return thumbnailAnswer(response, await this.downloads.thumbnail(actor, id, signed));
  }

  @Get(':id/url')
  @Access('upload.url')
  url(@CurrentActor() actor: Actor, @Param() { id }: UploadIdParam): Promise<Attachment> {
    return this.uploads.view(actor, id);
  }
}
