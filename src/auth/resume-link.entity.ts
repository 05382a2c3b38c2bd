import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../business/user.entity.js';

/** Shown on one device for another, or mailed to somebody who had gone. */
export type ResumePurpose = 'device' | 'mail';

/** A link by which a guest goes on elsewhere, by its hash. Ended ones stay for a while, so that they are told from those that never were. */
@Entity()
@Check('resume_link_purpose', "purpose IN ('device', 'mail')")
export class ResumeLink {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resume_link_pkey' })
  hash: string;

  @Index('resume_link_user_id')
  @Column('uuid')
  userId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'resume_link_user' })
  user?: Relation<User>;

  @Column('text')
  purpose: ResumePurpose;

  @Index('resume_link_expires_at')
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it was used, or a newer one of its purpose took its place. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;
}
