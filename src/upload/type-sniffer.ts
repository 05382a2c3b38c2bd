import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../error/app-error.js';
import { Turns } from './turns.js';

const PATIENCE_MS = 2_000;
const MOST_WAITING = 200;
const HEAP_MB = 64;

/**
 * Says what a file is by what stands in its first part. Files are made by strangers, and a parser that one of them makes run in
 * circles would stop the whole server: it has a thread of its own, which is ended when it takes too long, and begun anew.
 */
@Injectable()
export class TypeSniffer implements OnModuleDestroy {
  private readonly logger = new Logger(TypeSniffer.name);
  private readonly turns = new Turns(MOST_WAITING, 'Too many files at once');
  private worker: Worker | undefined;
  /** Where the thread begins. */
  protected readonly program = new URL('./type-sniffer.worker.mjs', import.meta.url);

  /** @throws AppError `upload.type_refused` when it takes too long or too much memory, `unavailable` when too many wait. */
  typeOf(path: string): Promise<string | undefined> {
    return this.turns.take(async () => {
      const worker = (this.worker ??= await this.begin());
      try {
        worker.postMessage(path);
        const [type] = (await once(worker, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [string | undefined];
        return type;
      } catch (error) {
        this.logger.warn({ err: error }, 'what a file is could not be found out; the thread begins anew');
        await this.end();
        throw new AppError('upload.type_refused', { message: 'What this file is cannot be found out', cause: error });
      }
    });
  }

  onModuleDestroy(): Promise<void> {
    return this.end();
  }

  /** The time that loading takes is not the file's. */
  private async begin(): Promise<Worker> {
    const worker = new Worker(this.program, { env: {}, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    await once(worker, 'message');
    // What is thrown while nobody asks would end the server.
    worker.on('error', () => void this.end());
    return worker;
  }

  private async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }
}
