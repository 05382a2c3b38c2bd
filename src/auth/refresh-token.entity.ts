import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Session } from './session.entity.js';

/** A refresh token, by its hash. Used ones stay: to see one again means that it was stolen. */
@Entity()
export class RefreshToken {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'refresh_token_pkey' })
  hash: string;

  @Index('refresh_token_session_id')
  @Column('uuid')
  sessionId: string;

  @ManyToOne(() => Session, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'refresh_token_session' })
  session?: Relation<Session>;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  usedAt: Date | null;

  /** How its owner calls the trade of it. */
  @Column('uuid', { nullable: true })
  attemptId: string | null;

  /** The hash of the one that it was traded for. */
  @Column('text', { nullable: true })
  successor: string | null;
}
