import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';
import { User } from '../business/user.entity.js';
import type { RoomFilter, RoomSort } from '../contract/inbox.js';

/** A list of rooms under a name. */
@Entity()
@Index('saved_view_owner_id', ['businessId', 'ownerId', 'id'])
export class SavedView {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'saved_view_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'saved_view_business' })
  business?: Relation<Business>;

  /** Null for all staff of the business. */
  @Column('uuid', { nullable: true })
  ownerId: string | null;

  @ManyToOne(() => User, { nullable: true })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'saved_view_owner' })
  owner?: Relation<User> | null;

  @Column('text')
  name: string;

  @Column('jsonb')
  filter: RoomFilter;

  /** Which label the filter names, whatever that is called by now. */
  @Column('uuid', { nullable: true })
  labelId: string | null;

  @Column('text')
  sort: RoomSort;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
