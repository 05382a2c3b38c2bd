import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Env } from '../config/env.js';
import { RoomModule } from '../room/room.module.js';
import { AttachmentPresenter } from './attachment.presenter.js';
import { DiskStorage } from './disk.storage.js';
import { DownloadService } from './download.service.js';
import { ImageService } from './image.service.js';
import { S3Storage } from './s3.storage.js';
import { TemporaryFiles } from './temporary-files.js';
import { TypeSniffer } from './type-sniffer.js';
import { UploadDay } from './upload-day.entity.js';
import { UploadReceiver } from './upload-receiver.js';
import { UploadCleaner } from './upload.cleaner.js';
import { UploadController } from './upload.controller.js';
import { Upload } from './upload.entity.js';
import { UploadQuota } from './upload.quota.js';
import { UploadService } from './upload.service.js';
import { UploadStorage } from './upload.storage.js';

/** Where this server keeps files. */
export const storageFor = ({ S3_URL, uploadDir }: Env): UploadStorage =>
  S3_URL === undefined ? new DiskStorage(uploadDir) : new S3Storage(S3_URL);

@Module({
  imports: [TypeOrmModule.forFeature([Upload, UploadDay]), RoomModule],
  controllers: [UploadController],
  providers: [
    UploadService,
    DownloadService,
    UploadReceiver,
    UploadCleaner,
    AttachmentPresenter,
    UploadQuota,
    TypeSniffer,
    ImageService,
    TemporaryFiles,
    { provide: UploadStorage, useFactory: storageFor, inject: [Env] },
  ],
  exports: [UploadService, TemporaryFiles],
})
export class UploadModule {}
