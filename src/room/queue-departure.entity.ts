import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';

/** That a waiting room found its agent: what the estimates of the next ones are made from. */
@Entity()
@Index('queue_departure_newest', ['businessId', 'at'])
export class QueueDeparture {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'queue_departure_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'queue_departure_business' })
  business?: Relation<Business>;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  /** How long the front of the queue had stood still: since the room before left it, or since somebody began to wait. */
  @Column('integer')
  gapMs: number;

  /** How many agents were online. */
  @Column('integer')
  agents: number;
}
