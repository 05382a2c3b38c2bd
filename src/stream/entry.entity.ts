import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActivityType, MessageKind, Stream } from '../contract/message.js';

/** One entry of a stream, written by `append_entries` and, at an edit or deletion, changed in place. */
@Entity('message')
@Check('message_stream', "stream IN ('public', 'internal')")
@Check('message_kind', "kind IN ('text', 'image', 'file', 'activity', 'edit', 'deletion')")
@Index('message_once', ['senderId', 'clientMessageId', 'roomId'], { unique: true, where: 'client_message_id IS NOT NULL' })
@Index('message_target', ['roomId', 'stream', 'targetSeq'], { where: 'target_seq IS NOT NULL' })
export class Entry {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_pkey' })
  roomId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'message_pkey' })
  stream: Stream;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'message_pkey' })
  seq: number;

  @Index('message_id', { unique: true })
  @Column('uuid')
  id: string;

  @Column('text')
  kind: MessageKind;

  /** Who wrote it, or whose act an activity is. */
  @Column('uuid', { nullable: true })
  senderId: string | null;

  @Column('uuid', { nullable: true })
  clientMessageId: string | null;

  /** Of the request as it was first sent: tells a repeat from another message under the same key, also after an edit. */
  @Column('text', { nullable: true, select: false })
  fingerprint: string | null;

  @Column('text', { nullable: true })
  body: string | null;

  /** What it said when it was sent, once it says something else. */
  @Column('text', { nullable: true, select: false })
  firstBody: string | null;

  @Column('uuid', { nullable: true })
  replyTo: string | null;

  @Column('uuid', { array: true, default: [] })
  mentions: string[];

  @Column('text', { nullable: true })
  activity: ActivityType | null;

  /** Who holds the room after this activity. */
  @Column('uuid', { nullable: true })
  assigneeId: string | null;

  @Column('jsonb', { nullable: true })
  change: { from: string | null; to: string | null } | null;

  @Column('integer', { nullable: true })
  targetSeq: number | null;

  @Column('boolean', { default: false })
  ai: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  editedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt: Date | null;
}
