import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Room } from '../room/room.entity.js';

/** Somebody is named in a message of somebody else. Written by the writer, in the transaction of the message. */
@Entity('mention')
export class Mention {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mention_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mention_pkey' })
  messageId: string;

  @Index('mention_room_id')
  @Column('uuid')
  roomId: string;

  @ManyToOne(() => Room, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'mention_room' })
  room?: Relation<Room>;

  @Index('mention_created_at')
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  createdAt: Date;
}
