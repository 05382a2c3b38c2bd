import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far what a business wants done by itself has come in a room. */
@Entity('automation_room')
export class AutomationRoom {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'automation_room_pkey' })
  roomId: string;

  /** The last entries that were looked at. */
  @Column('integer', { default: 0 })
  publicSeq: number;

  @Column('integer', { default: 0 })
  internalSeq: number;

  /** Whether rules for new rooms were looked at. */
  @Column('boolean', { default: false })
  isBegun: boolean;

  /** Until then another server leaves the room to the one that works on it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  leasedUntil: Date | null;

  @Column('boolean', { default: false })
  isWelcomed: boolean;

  /** Since when the customer had waited whom staff were last reminded of. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  remindedFor: Date | null;

  /** Up to which public entry the customer was told by mail. */
  @Column('integer', { default: 0 })
  mailedSeq: number;
}
