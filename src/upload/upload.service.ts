import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository, type EntityManager } from 'typeorm';
import { isStaff, type Actor } from '../access/actor.js';
import type { Attachment } from '../contract/message.js';
import { newId } from '../database/new-id.js';
import { AppError } from '../error/app-error.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { RoomService } from '../room/room.service.js';
import { AttachmentPresenter, type Signed, type Variant } from './attachment.presenter.js';
import { kindOf } from './file-kind.js';
import { cleanName } from './file-name.js';
import { ImageService, isReEncoded, type Picture } from './image.service.js';
import type { ReceivedFile } from './multipart.js';
import { TemporaryFiles } from './temporary-files.js';
import { TypeSniffer } from './type-sniffer.js';
import { UploadDay } from './upload-day.entity.js';
import { Upload } from './upload.entity.js';
import { UploadQuota } from './upload.quota.js';
import { thumbnailKey, UploadStorage } from './upload.storage.js';

/** Takes files in, and says who may see which. */
@Injectable()
export class UploadService {
  constructor(
    @InjectRepository(Upload) private readonly uploads: Repository<Upload>,
    private readonly events: EventBus,
    private readonly rooms: RoomService,
    private readonly quota: UploadQuota,
    private readonly sniffer: TypeSniffer,
    private readonly images: ImageService,
    private readonly files: TemporaryFiles,
    private readonly storage: UploadStorage,
    private readonly presenter: AttachmentPresenter,
  ) {}

  /**
   * Keeps a file that was received. The bytes are stored before the row, so that a row never names what is not there.
   * @throws AppError `upload.type_refused`, `upload.too_large`, `storage.full`, `unavailable`, and as `RoomService.requireWritable`.
   */
  async create(actor: Actor, roomId: string, file: ReceivedFile): Promise<Attachment> {
    await this.rooms.requireWritable(actor, roomId);
    const name = cleanName(file.name);
    const mime = await kindOf(this.sniffer, file.path, name, file.declaredType);
    if (!mime.startsWith('image/')) return this.keep(actor, roomId, { name, mime, size: file.size }, file);
    return this.files.use((target) =>
      this.files.use(async (thumbnail) => {
        const picture = await this.images.process(mime, file.path, target, thumbnail);
        const stored = isReEncoded(mime) ? { path: target, size: picture.size } : file;
        return this.keep(actor, roomId, { name, mime, size: stored.size, picture, thumbnail }, { ...file, path: stored.path });
      }),
    );
  }

  /** What there is of a file for somebody with this credential, or with this signed URL. @throws AppError `upload.not_found`. */
  async find(actor: Actor | undefined, id: string, variant: Variant, signed: Signed): Promise<Upload> {
    const upload = await this.uploads.findOneBy({ id });
    const isAllowed = upload && (this.presenter.isSigned(id, variant, signed) || (actor && (await this.mayRead(actor, upload))));
    if (!isAllowed || (variant === 'thumbnail' && !upload.hasThumbnail)) throw new AppError('upload.not_found');
    return upload;
  }

  /** With fresh URLs. @throws AppError `upload.not_found`. */
  async view(actor: Actor, id: string): Promise<Attachment> {
    return this.presenter.present(await this.find(actor, id, 'file', {}));
  }

  /** Files that this actor may attach in this room, in the order of `ids`. @throws AppError `upload.not_found`, `upload.not_attachable`. */
  async attachable(actor: Actor, roomId: string, ids: string[]): Promise<Attachment[]> {
    const found = new Map((await this.uploads.findBy({ id: In(ids), roomId, uploaderId: actor.id })).map((upload) => [upload.id, upload]));
    const uploads = ids.map((id) => found.get(id)).filter((upload) => upload !== undefined);
    if (uploads.length < ids.length) throw new AppError('upload.not_found');
    if (uploads.some(({ messageId }) => messageId !== null)) throw new AppError('upload.not_attachable');
    return uploads.map((upload) => this.presenter.present(upload));
  }

  /** Removes the files of a message, in the transaction that deletes it. */
  async removeOfMessage(tx: EntityManager, publish: Publish, messageId: string): Promise<void> {
    await this.remove(tx, publish, { messageId });
  }

  /** Removes all that a person has sent, attached or not, in the transaction that erases it. */
  async removeOfPerson(tx: EntityManager, publish: Publish, uploaderId: string): Promise<void> {
    await this.remove(tx, publish, { uploaderId });
    await tx.delete(UploadDay, { userId: uploaderId });
  }

  private async remove(tx: EntityManager, publish: Publish, which: { messageId: string } | { uploaderId: string }): Promise<void> {
    const ids = (await tx.find(Upload, { select: { id: true }, where: which })).map(({ id }) => id);
    if (ids.length === 0) return;
    await tx.delete(Upload, { id: In(ids) });
    publish('upload.removed', { ids });
  }

  /** A file of nobody's message is its sender's alone; an internal one is for staff. */
  private async mayRead(actor: Actor, { roomId, messageId, uploaderId, isInternal }: Upload): Promise<boolean> {
    const isShown = messageId === null ? uploaderId === actor.id : !isInternal || isStaff(actor);
    if (!isShown) return false;
    return this.rooms.require(actor, roomId).then(
      () => true,
      (error: unknown) => {
        if (error instanceof AppError && error.code === 'room.not_found') return false;
        throw error;
      },
    );
  }

  private async keep(
    actor: Actor,
    roomId: string,
    about: { name: string; mime: string; size: number; picture?: Picture; thumbnail?: string },
    file: ReceivedFile,
  ): Promise<Attachment> {
    const id = newId();
    const { name, mime, size, picture, thumbnail } = about;
    const keys = thumbnail === undefined ? [id] : [id, thumbnailKey(id)];
    try {
      await this.storage.put(id, file.path);
      if (thumbnail !== undefined) await this.storage.put(thumbnailKey(id), thumbnail);
      const row = { id, businessId: actor.businessId, roomId, uploaderId: actor.id, name, mime, size };
      const { width = null, height = null } = picture ?? {};
      await this.events.transaction(async (tx) => {
        // What was right before the bytes came may have changed; the room is held until the row is there.
        await this.rooms.lock(tx, roomId);
        await this.rooms.requireWritable(actor, roomId, tx);
        await this.quota.count(tx, actor, file.size, size);
        await tx.insert(Upload, { ...row, width, height, hasThumbnail: thumbnail !== undefined });
      });
    } catch (error) {
      // What cannot be removed now, the chore finds.
      await this.storage.remove(keys).catch(() => undefined);
      throw error;
    }
    return this.presenter.present(await this.uploads.findOneByOrFail({ id }));
  }
}
