import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mail that waits, was sent, or was given up. */
@Entity()
@Index('mail_waiting', ['dueAt'], { where: 'sent_at IS NULL AND given_up_at IS NULL' })
@Index('mail_created_at', ['createdAt'], { where: 'sent_at IS NOT NULL OR given_up_at IS NOT NULL' })
export class Mail {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mail_pkey' })
  id: string;

  /** Whom it is for. */
  @Index('mail_user_id')
  @Column('uuid')
  userId: string;

  @Column('text')
  recipient: string;

  @Column('text')
  subject: string;

  /** Null once it was sent: it may hold a secret. */
  @Column('text', { nullable: true })
  text: string | null;

  /** The same for programs that show HTML. */
  @Column('text', { nullable: true })
  html: string | null;

  /** Afterwards it is of no use to anybody, and given up. */
  @Column({ type: 'timestamptz', precision: 3 })
  until: Date;

  /** When it is tried next. Who tries it moves this past the end of the try, so that nobody else does meanwhile. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  dueAt: Date;

  @Column('integer', { default: 0 })
  tries: number;

  /** Why the last try failed. */
  @Column('text', { nullable: true })
  fault: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  sentAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  givenUpAt: Date | null;
}
