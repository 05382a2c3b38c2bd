import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many public messages somebody wrote in a quarter of an hour, which days of all time zones are made of. */
@Entity()
export class MessageTally {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_tally_pkey' })
  businessId: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 3, primaryKeyConstraintName: 'message_tally_pkey' })
  quarter: Date;

  /** The agent; one id of zeros for all customers and machines together. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_tally_pkey' })
  userId: string;

  @Column('integer')
  messages: number;
}
