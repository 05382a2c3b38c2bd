import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { PresenceStatus } from '../contract/presence.js';

/** What a person chose to be shown as while connected, and when it was last there. */
@Entity('presence')
@Check('presence_status', "status IN ('online', 'away', 'busy', 'offline')")
export class PresenceChoice {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'presence_pkey' })
  userId: string;

  @Column('uuid')
  businessId: string;

  @Column('text')
  status: PresenceStatus;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastSeenAt: Date | null;

  /** When it last did something, to some seconds: a connection that comes back by itself is not somebody who comes back. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  activeAt: Date | null;
}
