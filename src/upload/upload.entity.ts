import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';
import { User } from '../business/user.entity.js';
import { Room } from '../room/room.entity.js';

/** A file that somebody has sent into a room. What it holds lies in the storage, under its id. */
@Entity()
@Index('upload_message_id', ['messageId'], { where: 'message_id IS NOT NULL' })
@Index('upload_business_size', ['businessId', 'size'])
@Index('upload_unattached', ['createdAt'], { where: 'message_id IS NULL' })
export class Upload {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'upload_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'upload_business' })
  business?: Relation<Business>;

  @Column('uuid')
  roomId: string;

  @ManyToOne(() => Room, { nullable: false })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'upload_room' })
  room?: Relation<Room>;

  @Index('upload_uploader_id')
  @Column('uuid')
  uploaderId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'uploader_id', foreignKeyConstraintName: 'upload_uploader' })
  uploader?: Relation<User>;

  @Column('text')
  name: string;

  @Column('text')
  mime: string;

  @Column('integer')
  size: number;

  @Column('integer', { nullable: true })
  width: number | null;

  @Column('integer', { nullable: true })
  height: number | null;

  @Column('boolean')
  hasThumbnail: boolean;

  /** The message it is attached to; `append_entries` says so in the transaction that stores the message. */
  @Column('uuid', { nullable: true })
  messageId: string | null;

  /** From 1, among the files of its message. */
  @Column('smallint', { nullable: true })
  place: number | null;

  /** Whether its message is of the internal stream. */
  @Column('boolean', { default: false })
  isInternal: boolean;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;
}
