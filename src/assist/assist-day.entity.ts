import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';

/** What the machine of a business did on a day in UTC. */
@Entity('assist_day')
export class AssistDay {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'assist_day_pkey' })
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'assist_day_business' })
  business?: Relation<Business>;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'assist_day_pkey' })
  day: string;

  @Column('integer', { default: 0 })
  replies: number;

  @Column('integer', { default: 0 })
  handOvers: number;

  /** Answers that came after somebody else had spoken, and were shown to staff alone. */
  @Column('integer', { default: 0 })
  lateReplies: number;

  /** Texts that staff asked for. */
  @Column('integer', { default: 0 })
  helps: number;

  @Column('integer', { default: 0 })
  tokens: number;
}
