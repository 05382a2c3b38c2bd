import { Check, Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';
import { Team } from '../business/team.entity.js';
import { User } from '../business/user.entity.js';
import type { Priority, RoomOverrides, RoomStatus } from '../contract/room.js';
import { Mark } from './mark.entity.js';

/** One conversation: a customer on one side, any number of staff on the other. */
@Entity()
@Check('room_status', "status IN ('open', 'pending', 'snoozed', 'closed')")
@Check('room_priority', "priority IN ('low', 'normal', 'high', 'urgent')")
@Index('room_one_unclosed', ['customerId'], { unique: true, where: "is_exclusive AND status <> 'closed'" })
@Index('room_subject', { synchronize: false })
@Index('room_business_id', ['businessId', 'id'])
@Index('room_held', ['assigneeId'], { where: "status <> 'closed'" })
@Index('room_overridden', ['businessId'], { where: "status = 'open' AND assignee_id IS NULL AND overrides <> '{}'" })
@Index('room_queue', ['businessId', 'waitingSince', 'id'], { where: "status = 'open' AND assignee_id IS NULL" })
export class Room {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'room_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'room_business' })
  business?: Relation<Business>;

  @Index('room_customer_id')
  @Column('uuid')
  customerId: string;

  @ManyToOne(() => User, { nullable: false })
  @JoinColumn({ name: 'customer_id', foreignKeyConstraintName: 'room_customer' })
  customer?: Relation<User>;

  /** Kept after closing, as a record of who had it last. */
  @Column('uuid', { nullable: true })
  assigneeId: string | null;

  @ManyToOne(() => User, { nullable: true })
  @JoinColumn({ name: 'assignee_id', foreignKeyConstraintName: 'room_assignee' })
  assignee?: Relation<User> | null;

  /** The team that is to answer; null for anybody. */
  @Index('room_team_id', { where: 'team_id IS NOT NULL' })
  @Column('uuid', { nullable: true })
  teamId: string | null;

  @ManyToOne(() => Team, { nullable: true })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'room_team' })
  team?: Relation<Team> | null;

  @OneToMany(() => Mark, ({ room }) => room)
  marks?: Relation<Mark>[];

  @Column('text')
  status: RoomStatus;

  @Column('text', { nullable: true })
  subject: string | null;

  @Column('jsonb')
  context: Record<string, unknown>;

  @Column('text')
  priority: Priority;

  /** What this room does otherwise than its business. */
  @Column('jsonb', { default: {} })
  overrides: RoomOverrides;

  /** When its assignee got it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  assignedAt: Date | null;

  /** Whom somebody took it from when it was put back into the queue: routing gives it to others. */
  @Column('uuid', { nullable: true })
  declinedById: string | null;

  /** Opened while its customer could have only one room at a time. */
  @Column('boolean')
  isExclusive: boolean;

  /** Since when the customer waits; kept when an agent gives the room back, so that it goes to the front again. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  waitingSince: Date;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  closedAt: Date | null;
}
