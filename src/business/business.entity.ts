import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PreChat, Theme } from '../contract/business.js';
import type { ChangedSettings } from './business-settings.js';

/** The tenant: every other row belongs to one. */
@Entity()
export class Business {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'business_pkey' })
  id: string;

  @Index('business_slug', { unique: true })
  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  theme: Theme;

  @Column('text', { nullable: true })
  welcomeText: string | null;

  @Column('text')
  locale: string;

  @Column('jsonb', { nullable: true })
  preChat: PreChat | null;

  /** Only what differs from the defaults. */
  @Column('jsonb')
  settings: ChangedSettings;

  /** What the site signs identities with; null until an admin asks for one. */
  @Column('text', { nullable: true, select: false })
  identitySecret: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
