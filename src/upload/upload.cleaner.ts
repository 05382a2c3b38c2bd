import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Repository } from 'typeorm';
import { Chores } from '../database/chores.js';
import { EventBus } from '../event/event-bus.js';
import { DAY_MS } from '../time/zone.js';
import { UUID_PATTERN } from '../validation/rules.js';
import { TemporaryFiles } from './temporary-files.js';
import { UploadDay } from './upload-day.entity.js';
import { Upload } from './upload.entity.js';
import { thumbnailKey, UploadStorage } from './upload.storage.js';

const HOUR_MS = 3_600_000;
const UNUSED_MS = DAY_MS;
const AT_ONCE = 500;
const ID_LENGTH = 36;
/** What others keep beside ours, in a bucket, is none of our business. */
const OURS = new RegExp(`^${UUID_PATTERN}(-thumbnail)?$`);

/** Removes what nobody needs any more. A row goes first and its file after it, so that no row names what is gone. */
@Injectable()
export class UploadCleaner {
  private readonly logger = new Logger(UploadCleaner.name);

  constructor(
    @InjectRepository(Upload) private readonly uploads: Repository<Upload>,
    @InjectRepository(UploadDay) private readonly days: Repository<UploadDay>,
    private readonly storage: UploadStorage,
    private readonly files: TemporaryFiles,
    events: EventBus,
    chores: Chores,
  ) {
    events.onOwn('upload.removed', ({ ids }) => {
      // What fails here has no row any more, and the chore finds it.
      this.removeFiles(ids).catch((error: unknown) =>
        this.logger.warn({ err: error, uploads: ids.length }, 'files could not be removed yet'),
      );
    });
    chores.add({ name: 'uploads', everySeconds: HOUR_MS / 1000, work: (isStopping) => this.clean(isStopping) });
  }

  private async clean(isStopping: () => boolean): Promise<void> {
    await this.files.removeOld();
    await this.days.delete({ day: LessThan(new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 10)) });
    await this.removeUnused(isStopping);
    await this.removeOrphans(isStopping);
  }

  /** Files that were never attached to a message. */
  private async removeUnused(isStopping: () => boolean): Promise<void> {
    for (let found = AT_ONCE; found === AT_ONCE && !isStopping();) {
      const where = { messageId: IsNull(), createdAt: LessThan(new Date(Date.now() - UNUSED_MS)) };
      const ids = (await this.uploads.find({ select: { id: true }, where, take: AT_ONCE })).map(({ id }) => id);
      found = ids.length;
      if (found === 0) return;
      // One that was attached in this moment stays.
      await this.uploads.delete({ id: In(ids), messageId: IsNull() });
      const kept = new Set((await this.uploads.find({ select: { id: true }, where: { id: In(ids) } })).map(({ id }) => id));
      await this.removeFiles(ids.filter((id) => !kept.has(id)));
    }
  }

  /** Files without a row: of a server that was killed between the two, or whose removal failed. */
  private async removeOrphans(isStopping: () => boolean): Promise<void> {
    let keys: string[] = [];
    for await (const { key, storedAt } of this.storage.list()) {
      if (isStopping()) return;
      if (storedAt.getTime() > Date.now() - HOUR_MS || !OURS.test(key)) continue;
      keys.push(key);
      if (keys.length < AT_ONCE) continue;
      await this.removeWithoutRow(keys);
      keys = [];
    }
    await this.removeWithoutRow(keys);
  }

  private async removeWithoutRow(keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    const ids = new Set(keys.map((key) => key.slice(0, ID_LENGTH)));
    const known = new Set((await this.uploads.find({ select: { id: true }, where: { id: In([...ids]) } })).map(({ id }) => id));
    await this.storage.remove(keys.filter((key) => !known.has(key.slice(0, ID_LENGTH))));
  }

  private removeFiles(ids: string[]): Promise<void> {
    return this.storage.remove(ids.flatMap((id) => [id, thumbnailKey(id)]));
  }
}
