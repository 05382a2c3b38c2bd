import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SecondFactor } from './second-factor.entity.js';

/** A code for the day on which the phone is lost, by its hash. It goes with the factor. */
@Entity()
export class RecoveryCode {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recovery_code_pkey' })
  userId: string;

  @ManyToOne(() => SecondFactor, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'recovery_code_factor' })
  factor?: Relation<SecondFactor>;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'recovery_code_pkey' })
  hash: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  usedAt: Date | null;
}
