import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** That a person has a live connection on one node. It ends by itself: a node that dies renews nothing. */
@Entity()
export class PresenceLease {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'presence_lease_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'presence_lease_pkey' })
  nodeId: string;

  @Index('presence_lease_business')
  @Column('uuid')
  businessId: string;

  @Column('boolean')
  isStaff: boolean;

  /** False during the grace after the last connection closed: a page that reloads is not absent. */
  @Column('boolean')
  isConnected: boolean;

  /** The connection is there, but the person did nothing for a while. */
  @Column('boolean', { default: false })
  isIdle: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;
}
