import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { Stream } from '../contract/message.js';
import { Room } from '../room/room.entity.js';

/** What one person has begun to write. */
@Entity()
@Check('draft_stream', "stream IN ('public', 'internal')")
export class Draft {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'draft_pkey' })
  userId: string;

  @Index('draft_room_id')
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'draft_pkey' })
  roomId: string;

  @ManyToOne(() => Room, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'draft_room' })
  room?: Relation<Room>;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'draft_pkey' })
  stream: Stream;

  @Column('text')
  body: string;

  @Column('uuid', { nullable: true })
  replyTo: string | null;

  @Index('draft_updated_at')
  @Column({ type: 'timestamptz', precision: 3 })
  updatedAt: Date;
}
