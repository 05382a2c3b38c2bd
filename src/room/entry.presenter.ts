import { Injectable } from '@nestjs/common';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { Activity, Attachment, Message, Sender } from '../contract/message.js';
import type { Entry } from '../stream/entry.entity.js';

const ASSIGNING = new Set(['assigned', 'unassigned', 'transferred', 'reopened']);

const activityOf = (entry: Entry, personOf: (id: string | null) => Sender | null): Activity | null =>
  entry.activity &&
  ({
    type: entry.activity,
    actor: personOf(entry.senderId),
    ...(ASSIGNING.has(entry.activity) && { assignee: personOf(entry.assigneeId) }),
    ...entry.change,
  } as Activity);

const hasFiles = ({ kind, deletedAt }: Entry): boolean => (kind === 'image' || kind === 'file') && deletedAt === null;

/** Entries as readers get them: the same for customers and staff, who differ in the streams they may read. */
@Injectable()
export class EntryPresenter {
  /** Finds the files of a message; the module that keeps them sets it, which this one must not know. */
  attachmentsOf: (messageId: string) => Promise<Attachment[]> = () => Promise.resolve([]);

  constructor(private readonly users: UserService) {}

  async present(entries: Entry[]): Promise<Message[]> {
    const attachments = await this.attachmentsBy(entries.filter(hasFiles));
    const ids = new Set(entries.flatMap(({ senderId, assigneeId }) => [senderId, assigneeId]).filter((id) => id !== null));
    const people = new Map<string, User>((await this.users.findMany([...ids])).map((user) => [user.id, user]));
    const personOf = (id: string | null): Sender | null => {
      const user = id === null ? undefined : people.get(id);
      return user ? toPublicUser(user) : null;
    };
    const view = (entry: Entry): Record<keyof Message, unknown> => ({
      id: entry.id,
      roomId: entry.roomId,
      stream: entry.stream,
      seq: entry.seq,
      kind: entry.kind,
      clientMessageId: entry.clientMessageId,
      sender: entry.kind === 'activity' ? null : personOf(entry.senderId),
      body: entry.body,
      attachments: attachments.get(entry.id) ?? [],
      replyTo: entry.replyTo,
      mentions: entry.mentions,
      activity: activityOf(entry, personOf),
      targetSeq: entry.targetSeq,
      ai: entry.ai,
      createdAt: entry.createdAt.toISOString(),
      editedAt: entry.editedAt?.toISOString() ?? null,
      deletedAt: entry.deletedAt?.toISOString() ?? null,
    });
    // A row holds what its kind has: the union of the contract says which.
    return entries.map((entry) => view(entry) as unknown as Message);
  }

  /** One read for all of them, and none when there is nothing but texts. */
  private async attachmentsBy(entries: Entry[]): Promise<Map<string, Attachment[]>> {
    return new Map(await Promise.all(entries.map(async ({ id }) => [id, await this.attachmentsOf(id)] as const)));
  }

  async presentOne(entry: Entry): Promise<Message> {
    const [message] = await this.present([entry]);
    return message as Message;
  }
}
