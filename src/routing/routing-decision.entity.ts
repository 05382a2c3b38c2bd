import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';
import { Room } from '../room/room.entity.js';
import type { RoutingFacts } from './choose.js';

/** What was decided about a waiting room. The choice itself follows from the facts. */
@Entity()
@Index('routing_decision_room_id', ['roomId', 'at', 'id'])
@Index('routing_decision_waiting', ['roomId'], { unique: true, where: 'agent_id IS NULL' })
@Index('routing_decision_at', ['at'])
export class RoutingDecision {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'routing_decision_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'routing_decision_business' })
  business?: Relation<Business>;

  @Column('uuid')
  roomId: string;

  @ManyToOne(() => Room, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'routing_decision_room' })
  room?: Relation<Room>;

  /** Who got the room; null when it waits on. */
  @Column('uuid', { nullable: true })
  agentId: string | null;

  @Column('jsonb')
  facts: RoutingFacts;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  at: Date;
}
