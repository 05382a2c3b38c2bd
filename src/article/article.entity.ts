import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Business } from '../business/business.entity.js';

/** Something that a business knows, written down once. Its words are written with it, see `ArticleService`. */
@Entity('article')
@Index('article_business_id', ['businessId', 'id'])
@Index('article_words', { synchronize: false })
export class Article {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'article_pkey' })
  id: string;

  @Column('uuid')
  businessId: string;

  @ManyToOne(() => Business, { nullable: false })
  @JoinColumn({ name: 'business_id', foreignKeyConstraintName: 'article_business' })
  business?: Relation<Business>;

  @Column('text')
  title: string;

  /** Markdown. */
  @Column('text')
  body: string;

  @Column('boolean')
  isPublic: boolean;

  /** What it is found by, in the language of its business; those of the title have the weight A. */
  @Column({ type: 'tsvector', select: false, insert: false, update: false })
  words: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;
}
