import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';

/** A text that staff write again and again. */
@Entity('canned_reply')
@Index('canned_reply_shortcut', ['businessId', 'shortcut'], { unique: true })
export class CannedReply {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'canned_reply_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'canned_reply_business' })
  business?: Relation<Business>;

  /** In lower case. */
  @Column('text')
  shortcut: string;

  @Column('text')
  body: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;
}
