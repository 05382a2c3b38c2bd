import { Column, Entity, PrimaryColumn } from 'typeorm';
import { FIRST_ID } from '../database/new-id.js';

/** In the place of an agent: all customers and machines together. */
export const NO_AGENT = FIRST_ID;

/** How many public messages somebody wrote in a quarter of an hour, which days of all time zones are made of. */
@Entity()
export class MessageTally {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_tally_pkey' })
  businessId: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 3, primaryKeyConstraintName: 'message_tally_pkey' })
  quarter: Date;

  /** The agent, or `NO_AGENT`. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'message_tally_pkey' })
  userId: string;

  @Column('integer')
  messages: number;
}
