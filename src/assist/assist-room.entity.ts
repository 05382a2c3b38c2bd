import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the machine has to do with a room: whether it has taken it, and which turn is being answered. */
@Entity('assist_room')
@Index('assist_room_held', ['roomId'], { where: 'is_held' })
export class AssistRoom {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'assist_room_pkey' })
  roomId: string;

  @Column('boolean', { default: false })
  isHeld: boolean;

  /** Where the public stream stood when the last answer was begun. */
  @Column('integer', { default: 0 })
  turn: number;

  /** How often that turn was begun. */
  @Column('smallint', { default: 0 })
  tries: number;

  /** Until then another server leaves the turn to the one that has begun it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  leasedUntil: Date | null;

  /** Since when, and how many turns there were: a customer may not keep it busy. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  minuteBegan: Date | null;

  @Column('smallint', { default: 0 })
  turnsInMinute: number;

  /** Used in this room, in all. */
  @Column('integer', { default: 0 })
  tokens: number;
}
