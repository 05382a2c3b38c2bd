import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, of, type Observable } from 'rxjs';
import type { Actor } from '../access/actor.js';
import { Env } from '../config/env.js';
import { AppError, invalid } from '../error/app-error.js';
import { RoomService } from '../room/room.service.js';
import { isUuid } from '../validation/rules.js';
import { FORM_BYTES, receive, requireForm, type ReceivedFile } from './multipart.js';
import { endBody, watchPace } from './slow-upload.js';
import { TemporaryFiles } from './temporary-files.js';
import { UploadQuota } from './upload.quota.js';

/** A request whose file was received. */
export type UploadRequest = Request & { user: Actor; received: ReceivedFile };

/**
 * Receives the form of an upload. It comes after the guards, and refuses whom it can before the body is read, and the room
 * when its name comes before the file. Whatever happens, what it wrote is gone afterwards, unless the storage took it.
 */
@Injectable()
export class UploadReceiver implements NestInterceptor {
  constructor(
    private readonly env: Env,
    private readonly files: TemporaryFiles,
    private readonly quota: UploadQuota,
    private readonly rooms: RoomService,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<UploadRequest>();
    const most = this.env.MAX_FILE_SIZE + FORM_BYTES;
    try {
      requireForm(request);
      if (Number(request.headers['content-length'] ?? 0) > most) throw new AppError('upload.too_large');
      await this.quota.requireSpace(request.user);
      return await this.files.use(async (path) => {
        watchPace(request, most);
        request.received = await receive(request, context.switchToHttp().getResponse<Response>(), {
          path,
          field: 'file',
          maxBytes: this.env.MAX_FILE_SIZE,
          allow: (fields) => this.requireWritable(request.user, fields),
        });
        return of(await lastValueFrom(next.handle()));
      });
    } finally {
      endBody(request);
    }
  }

  private async requireWritable(actor: Actor, { roomId }: Record<string, unknown>): Promise<void> {
    if (roomId === undefined) return;
    if (!isUuid(roomId)) throw invalid('roomId', 'must be a UUID');
    await this.rooms.requireWritable(actor, roomId.toLowerCase());
  }
}
