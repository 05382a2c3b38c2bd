import { Injectable } from '@nestjs/common';
import { newId } from '../database/new-id.js';
import { isStaff, type Actor } from '../access/actor.js';
import { chatUnavailable } from '../business/user.policy.js';
import { UserService } from '../business/user.service.js';
import type { Attachment, Catchup, History, Message, Position, Stream } from '../contract/message.js';
import { isStaffRole } from '../contract/user.js';
import type { ErrorCode } from '../contract/error-code.js';
import { AppError, invalid } from '../error/app-error.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { readableStreams, requireStream } from '../room/room.policy.js';
import { RoomService } from '../room/room.service.js';
import type { Entry } from '../stream/entry.entity.js';
import { EntryReader, type EntryPage } from '../stream/entry.reader.js';
import type { NewEntry } from '../stream/new-entry.js';
import { StreamWriter } from '../stream/stream.writer.js';
import { UploadService } from '../upload/upload.service.js';
import { limitOrDefault } from '../validation/rules.js';
import { fingerprintOf } from './fingerprint.js';
import { Lanes } from './lane.js';
import type { ListMessagesDto, SendMessageDto } from './message.dto.js';
import { isWritten } from './message.policy.js';

/** `isNew` is false when the message was there already. */
export interface Sent {
  message: Message;
  isNew: boolean;
}

/** `turn` is where the public stream stood when the answer was begun. */
interface MachineAnswer {
  turn: number;
  clientMessageId: string;
  body: string;
}

/** What a business has said by itself; with `turn` only if nobody has spoken since the public stream stood there. */
interface AutomaticMessage {
  clientMessageId: string;
  body: string;
  stream?: Stream;
  mentions?: string[];
  turn?: number;
}

const kindOf = (attachments: Attachment[]): 'image' | 'file' =>
  attachments.every(({ mime }) => mime.startsWith('image/')) ? 'image' : 'file';

/** Undefined for a message that points to nothing. */
const notThereIn = ({ replyTo, mentions, attachmentIds }: SendMessageDto): ErrorCode | undefined => {
  if (replyTo !== undefined) return 'message.not_found';
  if (mentions?.length) return 'user.not_found';
  return attachmentIds?.length ? 'upload.not_found' : undefined;
};

const NOTHING: EntryPage = { entries: [], hasMore: false };

/** Sends and reads messages. */
@Injectable()
export class MessageService {
  private readonly lanes = new Lanes();

  constructor(
    private readonly writer: StreamWriter,
    private readonly reader: EntryReader,
    private readonly presenter: EntryPresenter,
    private readonly rooms: RoomService,
    private readonly users: UserService,
    private readonly uploads: UploadService,
  ) {}

  /**
   * Stores a message once, however often it is sent. Who may write in the room, and whether it is open, the writer decides
   * under its lock.
   * @throws AppError `room.not_found`, `access.denied`, `message.not_found` for `replyTo`, `user.not_found` for a mention, as a
   *   customer of anybody but its assignee, `upload.not_found`, `upload.not_attachable`, `message.idempotency_mismatch`,
   *   `room.closed`, `unavailable`.
   */
  send(actor: Actor, roomId: string, draft: SendMessageDto): Promise<Sent> {
    this.requireSendable(actor, draft);
    if (notThereIn(draft) === undefined) return this.lanes.run(actor.connectionId, undefined, () => this.store(actor, roomId, draft));
    let files: Attachment[] | undefined;
    const prepare = async (): Promise<void> => {
      files = await this.look(actor, roomId, draft);
    };
    return this.lanes.run(actor.connectionId, prepare, () => this.store(actor, roomId, draft, files));
  }

  /**
   * The same without a room, for customers: into the room of an earlier sending, the one that is open, or a new one.
   * `join` is called with that room before anything is stored in it.
   */
  async sendToCurrent(actor: Actor, draft: SendMessageDto, join: (roomId: string) => Promise<void>): Promise<Sent> {
    if (isStaff(actor)) throw invalid('roomId', 'must be given by staff');
    this.requireSendable(actor, draft);
    let roomId = '';
    let files: Attachment[] | undefined;
    const prepare = async (): Promise<void> => {
      const earlier = await this.reader.findByKey(actor.id, draft.clientMessageId);
      // What a message points to cannot be in a room that is only opened for it.
      const notThere = notThereIn(draft);
      const found = earlier?.roomId ?? (await this.rooms.current(actor, notThere === undefined));
      if (found === undefined) throw new AppError(notThere as ErrorCode);
      roomId = found;
      files = await this.look(actor, roomId, draft);
      await join(roomId);
    };
    return this.lanes.run(actor.connectionId, prepare, () => this.store(actor, roomId, draft, files));
  }

  /**
   * Stores what the machine of a business answers a customer, unless anything was said or done in the room since the public stream
   * stood at `turn`, or the machine may not answer there any more. The same turn under the same key is one answer.
   * @throws LateAnswer, AppError `message.idempotency_mismatch` when another answer of this turn was stored, `unavailable`.
   */
  async answer(bot: Actor, roomId: string, { turn, clientMessageId, body }: MachineAnswer): Promise<void> {
    await this.writer.append({ ...this.entryOf(bot, roomId, { clientMessageId, body }), ai: true, turn });
  }

  /**
   * Stores what a business has said by itself. It answers nobody: the customer waits on. Also in a closed room. Said under the
   * same key before it is said, also where the words are others by now: those of an hour, or of a text that was changed.
   * @throws LateAnswer, AppError `room.closed` where the customer has erased itself, `unavailable`.
   */
  async say(bot: Actor, roomId: string, { turn, ...draft }: AutomaticMessage): Promise<void> {
    try {
      await this.writer.append({ ...this.entryOf(bot, roomId, draft), automatic: true, turn });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'message.idempotency_mismatch') throw error;
    }
  }

  /** Shows staff what the machine would say, or has to tell them. @throws AppError as `say`. */
  async suggest(bot: Actor, roomId: string, body: string): Promise<void> {
    await this.writer.append({ ...this.entryOf(bot, roomId, { clientMessageId: newId(), body, stream: 'internal' }), ai: true });
  }

  async list(actor: Actor, roomId: string, { stream = 'public', before, after, limit }: ListMessagesDto): Promise<History> {
    requireStream(actor, stream);
    await this.rooms.require(actor, roomId);
    const page = await this.reader.page(roomId, stream, { before, after, limit: limitOrDefault(limit) });
    const { publicSeq, internalSeq } = await this.reader.counter(roomId);
    return {
      items: await this.presenter.present(page.entries),
      hasMore: page.hasMore,
      lastSeq: stream === 'public' ? publicSeq : internalSeq,
    };
  }

  /**
   * What a reader that stands at `after` is missing. Where it stands at a place that does not exist here, because the
   * server was restored from a backup, it is told to start over from the newest page.
   */
  async sync(actor: Actor, roomId: string, after: Position | undefined, limit: number | undefined): Promise<Catchup> {
    if (after?.internal !== undefined) requireStream(actor, 'internal');
    await this.rooms.require(actor, roomId);
    return this.catchUp(actor, roomId, after, limit);
  }

  /** The same for somebody who is known to read the room. */
  async catchUp(actor: Actor, roomId: string, after: Position | undefined, limit: number | undefined): Promise<Catchup> {
    if (after?.internal !== undefined) requireStream(actor, 'internal');
    const [epoch, { publicSeq, internalSeq }] = await Promise.all([this.reader.epoch(), this.reader.counter(roomId)]);
    const isBeyond = (after?.public ?? 0) > publicSeq || (after?.internal ?? 0) > internalSeq;
    const reset = after !== undefined && (isBeyond || (after.epoch !== undefined && after.epoch.toLowerCase() !== epoch));
    const from = reset ? undefined : after;
    const streams = readableStreams(actor);
    const pages = await Promise.all(
      streams.map((stream): Promise<EntryPage> => {
        // Who comes back mostly missed nothing.
        const isThere = (from?.[stream] ?? 0) < (stream === 'public' ? publicSeq : internalSeq);
        return isThere
          ? this.reader.page(roomId, stream, { after: from?.[stream], limit: limitOrDefault(limit) })
          : Promise.resolve(NOTHING);
      }),
    );
    const namesOne = streams.some((stream) => from?.[stream] !== undefined);
    const isAsked = (stream: Stream): boolean => !namesOne || from?.[stream] !== undefined;
    return {
      entries: await this.presenter.present(pages.flatMap(({ entries }) => entries)),
      hasMore: pages.some((page, index) => page.hasMore && isAsked(streams[index] as Stream)),
      reset,
    };
  }

  /** Entries after `seq` with, for each edit or deletion among them, the message it changed: what live readers are sent. */
  async follow(roomId: string, stream: Stream, seq: number, limit: number): Promise<{ entry: Message; target: Message | null }[]> {
    const { entries }: EntryPage = await this.reader.page(roomId, stream, { after: seq, limit });
    const targetSeqs = [...new Set(entries.map(({ targetSeq }) => targetSeq).filter((target) => target !== null))];
    const targets = targetSeqs.length === 0 ? [] : await this.presenter.present(await this.reader.findBySeq(roomId, stream, targetSeqs));
    const views = await this.presenter.present(entries);
    return views.map((entry) => ({ entry, target: targets.find((target) => target.seq === entry.targetSeq) ?? null }));
  }

  /** The last seq of each stream of a room. */
  async lastSeq(roomId: string): Promise<Record<Stream, number>> {
    const { publicSeq, internalSeq } = await this.reader.counter(roomId);
    return { public: publicSeq, internal: internalSeq };
  }

  /** The same of many rooms. */
  async lastSeqs(roomIds: string[]): Promise<Map<string, Record<Stream, number>>> {
    const counters = await this.reader.countersOf(roomIds);
    return new Map(counters.map(({ roomId, publicSeq, internalSeq }) => [roomId, { public: publicSeq, internal: internalSeq }]));
  }

  private requireSendable(actor: Actor, { stream = 'public', body, attachmentIds = [] }: SendMessageDto): void {
    requireStream(actor, stream);
    if (body === undefined && attachmentIds.length === 0) throw invalid('body', 'must be given without attachments');
  }

  /** Looks at what the message points to, and finds its files. A message that is stored already is not asked again: its answer stays the same. */
  private async look(
    actor: Actor,
    roomId: string,
    { clientMessageId, stream = 'public', replyTo, mentions = [], attachmentIds = [] }: SendMessageDto,
  ): Promise<Attachment[] | undefined> {
    const { businessId, assigneeId } = await this.rooms.require(actor, roomId);
    if (await this.reader.findByKey(actor.id, clientMessageId, roomId)) return undefined;
    if (replyTo !== undefined) {
      const target = await this.reader.findById(roomId, replyTo);
      const isMessage = target !== null && isWritten(target.kind) && target.deletedAt === null;
      if (!isMessage || !readableStreams(actor).includes(target.stream)) throw new AppError('message.not_found');
      if (target.stream === 'internal' && stream === 'public')
        throw invalid('replyTo', 'must not show an internal message in the public stream');
    }
    const mentioned = await this.users.findMany(mentions);
    // A customer knows of its assignee; who else there is, a refusal must not tell it.
    const known = mentioned.filter(
      (user) => user.businessId === businessId && isStaffRole(user.role) && !user.disabled && (isStaff(actor) || user.id === assigneeId),
    );
    if (known.length < mentions.length) throw new AppError('user.not_found');
    return attachmentIds.length === 0 ? undefined : this.uploads.attachable(actor, roomId, attachmentIds);
  }

  private entryOf(actor: Actor, roomId: string, draft: SendMessageDto, attachments?: Attachment[]): NewEntry {
    const { clientMessageId, body, stream = 'public', replyTo, mentions } = draft;
    return {
      id: newId(),
      businessId: actor.businessId,
      roomId,
      stream,
      kind: attachments ? kindOf(attachments) : 'text',
      senderId: actor.id,
      clientMessageId,
      fingerprint: fingerprintOf(draft),
      body,
      replyTo,
      mentions,
      attachments,
      wakes: isStaff(actor) ? undefined : true,
    };
  }

  private store(actor: Actor, roomId: string, draft: SendMessageDto, attachments?: Attachment[]): Promise<Sent> {
    return this.writer.append(this.entryOf(actor, roomId, draft, attachments)).then(
      (appended) => (appended.isNew ? appended : this.stored(actor, roomId, draft.clientMessageId)),
      (error: unknown) => {
        const isBlocked = error instanceof AppError && error.code === 'access.denied' && !isStaff(actor);
        throw isBlocked ? chatUnavailable() : error;
      },
    );
  }

  /** A message that was there already, as it is now. */
  private async stored(actor: Actor, roomId: string, clientMessageId: string): Promise<Sent> {
    const entry = (await this.reader.findByKey(actor.id, clientMessageId, roomId)) as Entry;
    return { message: await this.presenter.presentOne(entry), isNew: false };
  }
}
