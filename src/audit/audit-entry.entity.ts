import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AuditAction, AuditTarget } from '../contract/audit.js';
import type { Role } from '../contract/user.js';

/** Who did what to what. No foreign keys: it outlives what it tells of. */
@Entity()
@Index('audit_entry_business', ['businessId', 'id'])
@Index('audit_entry_actor', ['businessId', 'actorId', 'id'])
@Index('audit_entry_target', ['businessId', 'targetId', 'id'])
@Index('audit_entry_at', ['at'])
export class AuditEntry {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_entry_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  at: Date;

  @Column('uuid', { nullable: true })
  actorId: string | null;

  /** The role at that time. */
  @Column('text', { nullable: true })
  actorRole: Role | null;

  @Column('text')
  action: AuditAction;

  @Column('text')
  targetType: AuditTarget;

  @Column('uuid', { nullable: true })
  targetId: string | null;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('jsonb')
  details: Record<string, unknown>;
}
