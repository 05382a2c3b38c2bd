import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from './business.entity.js';

/** A word that staff put on rooms and customers. Where it is worn stands at those, as its id. */
@Entity()
@Index('label_business_id', ['businessId', 'id'])
@Index('label_name', ['businessId', 'foldedName'], { unique: true, where: 'deleted_at IS NULL' })
@Index('label_deleted', ['id'], { where: 'deleted_at IS NOT NULL' })
export class Label {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'label_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'label_business' })
  business?: Relation<Business>;

  @Column('text')
  name: string;

  /** The name as names are compared: made here, since the database folds letters by its locale. */
  @Column('text')
  foldedName: string;

  @Column('text', { nullable: true })
  color: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** From then on nobody is shown it. The row goes when the last thing that wears it was rid of it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deletedAt: Date | null;
}
