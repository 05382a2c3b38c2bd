import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../business/user.entity.js';

/** What a person's codes are made from. */
@Entity()
export class SecondFactor {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'second_factor_pkey' })
  userId: string;

  @OneToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'second_factor_user' })
  user?: Relation<User>;

  /** In base 32. Kept as it is: every code is computed from it. */
  @Column('text')
  secret: string;

  /** Null until a first code has shown that the person's device has the secret. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  confirmedAt: Date | null;

  /** The 30 seconds, counted from 1970, of the newest code that was used: neither it nor an older one is good again. */
  @Column('integer', { default: 0 })
  lastStep: number;
}
