import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';
import type { RuleAction, RuleCondition, RuleEvent } from '../contract/automation.js';

/** What a business wants done by itself. */
@Entity('rule')
@Index('rule_business_id', ['businessId', 'id'])
export class Rule {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'rule_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'rule_business' })
  business?: Relation<Business>;

  @Column('text')
  name: string;

  @Column('boolean')
  isEnabled: boolean;

  @Column('text')
  event: RuleEvent;

  @Column('jsonb')
  conditions: RuleCondition[];

  @Column('jsonb')
  actions: RuleAction[];

  /** What happened before that it leaves alone. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  since: Date;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;
}
