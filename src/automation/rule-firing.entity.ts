import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RuleEvent, RuleOutcome } from '../contract/automation.js';

/** That a rule was followed: once for each occasion. It outlives the rule. */
@Entity('rule_firing')
@Index('rule_firing_occasion', ['roomId', 'occasionId', 'ruleId'], { unique: true })
@Index('rule_firing_business', ['businessId', 'id'])
@Index('rule_firing_rule', ['ruleId', 'id'])
@Index('rule_firing_room', ['roomId', 'at'])
@Index('rule_firing_at', ['at'])
export class RuleFiring {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'rule_firing_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @Column('uuid')
  ruleId: string;

  @Column('text')
  ruleName: string;

  @Column('uuid')
  roomId: string;

  /** The entry that it followed, or the room itself when that was new. */
  @Column('uuid')
  occasionId: string;

  @Column('text')
  event: RuleEvent;

  @Column('boolean')
  isStopped: boolean;

  /** False while its actions are done, or after a crash until they are. */
  @Column('boolean')
  isDone: boolean;

  @Column('jsonb')
  actions: RuleOutcome[];

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  at: Date;
}
