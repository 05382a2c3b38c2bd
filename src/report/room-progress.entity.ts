import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How far the public stream of a room is counted, and how the counting stands there. */
@Entity()
@Index('room_progress_open', ['businessId'], { where: 'opened_at IS NOT NULL' })
export class RoomProgress {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'room_progress_pkey' })
  roomId: string;

  @Column('uuid')
  businessId: string;

  /** The last entry that is counted; -1 when not even the opening of the room is. */
  @Column('integer', { default: -1 })
  seq: number;

  /** When the present opening began; null while the room is closed. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  openedAt: Date | null;

  /** When its customer wrote first since then. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  askedAt: Date | null;

  @Column('boolean', { default: false })
  isAnswered: boolean;

  @Column('boolean', { default: false })
  isTaken: boolean;

  @Column('uuid', { nullable: true })
  holderId: string | null;
}
