import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last sequence numbers of a room: a row of its own, so that a slow change of the room does not stall its messages. */
@Entity()
export class StreamCounter {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'stream_counter_pkey' })
  roomId: string;

  @Column('integer', { default: 0 })
  publicSeq: number;

  @Column('integer', { default: 0 })
  internalSeq: number;

  /** The last public entry that the customer wrote: it has read everything up to there, whatever its mark says. */
  @Column('integer', { default: 0 })
  customerSeq: number;

  /** Since when the customer waits for an answer: its first message after the last one of staff; null when staff spoke last. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  askedAt: Date | null;

  /** When the last entry came in. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  activeAt: Date;
}
