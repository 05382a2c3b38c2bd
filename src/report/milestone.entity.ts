import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Milestone as Told } from './fold.js';

/** Something that reports count, at the moment it happened. It stays when its room goes. */
@Entity()
@Check('milestone_kind', "kind IN ('opened', 'assigned', 'responded', 'closed')")
export class Milestone {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'milestone_pkey' })
  businessId: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 3, primaryKeyConstraintName: 'milestone_pkey' })
  at: Date;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'milestone_pkey' })
  roomId: string;

  /** Of the entry that it is made from; 0 for the making of the room. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'milestone_pkey' })
  seq: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'milestone_pkey' })
  kind: Told['kind'];

  @Column('uuid', { nullable: true })
  agentId: string | null;

  /** How long it took to come to this. */
  @Column('bigint', { nullable: true })
  ms: string | null;
}
