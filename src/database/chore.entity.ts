import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When something that servers do now and then is due. */
@Entity()
export class Chore {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'chore_pkey' })
  name: string;

  @Column({ type: 'timestamptz', precision: 3 })
  dueAt: Date;
}
