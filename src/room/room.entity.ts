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
@Check('room_rating', 'rating_score BETWEEN 1 AND 5')
@Index('room_snoozed', ['snoozedUntil'], { where: "status = 'snoozed'" })
@Index('room_one_unclosed', ['customerId'], { unique: true, where: "is_exclusive AND status <> 'closed'" })
@Index('room_subject', { synchronize: false })
@Index('room_business_id', ['businessId', 'id'])
@Index('room_newest', ['businessId', 'status', 'activeAt', 'id'])
@Index('room_customer_held', ['assigneeId', 'customerId'], { where: 'assignee_id IS NOT NULL' })
@Index('room_customer_team', ['teamId', 'customerId'], { where: 'team_id IS NOT NULL' })
@Index('room_newest_held', ['assigneeId', 'status', 'activeAt', 'id'], { where: 'assignee_id IS NOT NULL' })
@Index('room_newest_free', ['businessId', 'status', 'activeAt', 'id'], { where: 'assignee_id IS NULL' })
@Index('room_newest_team', ['teamId', 'status', 'activeAt', 'id'], { where: 'team_id IS NOT NULL' })
@Index('room_longest', ['businessId', 'status', 'priority', 'waitingSince', 'id'])
@Index('room_longest_held', ['assigneeId', 'status', 'priority', 'waitingSince', 'id'], { where: 'assignee_id IS NOT NULL' })
@Index('room_longest_free', ['businessId', 'status', 'priority', 'waitingSince', 'id'], { where: 'assignee_id IS NULL' })
@Index('room_longest_team', ['teamId', 'status', 'priority', 'waitingSince', 'id'], { where: 'team_id IS NOT NULL' })
@Index('room_labels', ['labelIds'], { where: "label_ids <> '{}'", type: 'gin' })
@Index('room_held', ['assigneeId'], { where: "status <> 'closed'" })
@Index('room_overridden', ['businessId'], { where: "status = 'open' AND assignee_id IS NULL AND overrides <> '{}'" })
@Index('room_open', ['businessId', 'id'], { where: "status = 'open'" })
@Index('room_updated_at', ['updatedAt'])
@Index('room_rated', ['businessId', 'ratedAt'], { where: 'rated_at IS NOT NULL' })
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

  /** The labels on it; one that was deleted may still be among them. */
  @Column('uuid', { array: true, default: '{}' })
  labelIds: string[];

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

  /** When something last happened in it, by which lists sort: it follows the counters within about a second. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  activeAt: Date;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  closedAt: Date | null;

  /** When it wakes, while it sleeps. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  snoozedUntil: Date | null;

  @Column('smallint', { nullable: true })
  ratingScore: number | null;

  @Column('text', { nullable: true })
  ratingComment: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  ratedAt: Date | null;
}
