import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../business/user.entity.js';

export type LinkPurpose = 'reset' | 'invitation';

/** A mailed link to set a password with, by its hash. Ended ones stay, so that they are told from those that never were. */
@Entity()
@Check('password_link_purpose', "purpose IN ('reset', 'invitation')")
export class PasswordLink {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'password_link_pkey' })
  hash: string;

  @Index('password_link_user_id')
  @Column('uuid')
  userId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'password_link_user' })
  user?: Relation<User>;

  @Column('text')
  purpose: LinkPurpose;

  /** Where it was mailed to: it is good while the person has this address. */
  @Column('text')
  email: string;

  @Index('password_link_expires_at')
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** When it was used, or a newer link or another change of the password took its place. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;
}
