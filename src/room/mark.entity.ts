import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Room } from './room.entity.js';

/** How far one person got in the streams of one room. */
@Entity()
export class Mark {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mark_pkey' })
  roomId: string;

  @ManyToOne(() => Room, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'mark_room' })
  room?: Relation<Room>;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mark_pkey' })
  userId: string;

  @Column('integer', { default: 0 })
  publicDelivered: number;

  @Column('integer', { default: 0 })
  publicRead: number;

  @Column('integer', { default: 0 })
  internalDelivered: number;

  @Column('integer', { default: 0 })
  internalRead: number;

  /** From which entry on this person counts the stream as unread all the same. */
  @Column('integer', { nullable: true })
  publicUnreadFrom: number | null;

  @Column('integer', { nullable: true })
  internalUnreadFrom: number | null;

  /** What the customer of the room had written last when it began to count so. What it writes later ends that. */
  @Column('integer', { default: 0 })
  unreadAtAnswer: number;

  /** Held the room once: its customer may see these marks of the public stream. */
  @Column('boolean', { default: false })
  wasAssignee: boolean;
}
