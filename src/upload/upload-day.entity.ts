import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much a guest or customer has sent on one day (UTC), deleted or not. */
@Entity()
export class UploadDay {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'upload_day_pkey' })
  userId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'upload_day_pkey' })
  day: string;

  @Column('integer')
  bytes: number;
}
