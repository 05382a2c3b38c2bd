import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../business/user.entity.js';
import type { SessionEndReason } from '../contract/session.js';

/** One login. Access tokens carry its id, so that ending it ends them. */
@Entity()
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'session_pkey' })
  id: string;

  @Index('session_user_id')
  @Column('uuid')
  userId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'session_of_user' })
  user?: Relation<User>;

  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { nullable: true })
  userAgent: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  lastUsedAt: Date;

  @Index('session_expires_at')
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  @Index('session_ended_at', { where: 'ended_at IS NOT NULL' })
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;

  /** Begun without the second factor that the business requires: good for setting one up and nothing else. */
  @Column('boolean', { default: false })
  isRestricted: boolean;

  @Column('text', { nullable: true })
  endReason: SessionEndReason | null;
}
