import { Check, Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { AgentScope } from '../contract/business.js';
import type { Role } from '../contract/user.js';
import { Business } from './business.entity.js';

/** A person of one business, in any role. */
@Entity('user')
@Check('user_role', "role IN ('guest', 'customer', 'agent', 'admin', 'bot')")
@Check('user_load', 'load >= 0')
@Check('user_reach', "reach IN ('own', 'team', 'all')")
@Index('user_account_email', ['businessId', 'email'], {
  unique: true,
  where: "password_hash IS NOT NULL OR role IN ('agent', 'admin')",
})
@Index('user_login_email', ['email'], { where: 'password_hash IS NOT NULL' })
@Index('user_holder', ['id'], { where: 'load > 0' })
@Index('user_external_id', ['businessId', 'externalId'], { unique: true, where: 'external_id IS NOT NULL' })
@Index('user_customers', ['businessId', 'id'], { where: "role IN ('guest', 'customer') AND NOT disabled" })
@Index('user_labels', ['labelIds'], { where: "label_ids <> '{}'", type: 'gin' })
@Index('user_text', { synchronize: false })
@Index('user_guests', ['createdAt', 'id'], { where: "role = 'guest'" })
@Index('user_bot', ['businessId'], { unique: true, where: "role = 'bot'" })
@Index('user_staff', ['businessId'], { where: "role IN ('agent', 'admin')" })
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'user_business' })
  business?: Relation<Business>;

  /** That of a business's machine is `bot`, of which nothing but entries tell. */
  @Column('text')
  role: Role;

  /** Normalised; unique among the accounts and the invited staff of the business, free for guests. */
  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  username: string | null;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { nullable: true })
  avatarUrl: string | null;

  /** Set for those who log in by e-mail and password; not yet for staff who have not accepted their invitation. */
  @Column('text', { nullable: true, select: false })
  passwordHash: string | null;

  /** How the site of the business calls a customer; unique in the business. Who proves it by a signature is let in as that customer. */
  @Column('text', { nullable: true })
  externalId: string | null;

  @Column('jsonb')
  attributes: Record<string, unknown>;

  /** What a guest's page told at the start: the context of the rooms it opens without one. */
  @Column('jsonb', { default: {} })
  context: Record<string, unknown>;

  @Column('boolean', { default: false })
  verified: boolean;

  @Column('boolean', { default: false })
  disabled: boolean;

  /** Which rooms the person reaches: what its role and the setting `agentScope` come to, kept here for whoever asks with each call. */
  @Column('text', { default: 'own' })
  reach: AgentScope;

  /** The teams of an agent. */
  @Column('uuid', { array: true, default: '{}' })
  teamIds: string[];

  /** A customer that may read its rooms, but not write or open one. */
  @Column('boolean', { default: false })
  blocked: boolean;

  /** The labels on a customer; one that was deleted may still be among them. */
  @Column('uuid', { array: true, default: '{}' })
  labelIds: string[];

  /** How many unclosed rooms an agent may hold; null is unlimited. */
  @Column('integer', { nullable: true })
  capacity: number | null;

  /** How many it holds, changed in the transaction that gives or takes one. */
  @Column('integer', { default: 0 })
  load: number;

  /** When an agent last got a room or was rid of one: of agents with the same load, the one that has been idle longest is next. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  idleSince: Date;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
