import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Names this life of the database. A restore from a backup changes it, so that readers drop what the backup does not hold. */
@Entity()
@Check('stream_epoch_single', 'id = 1')
export class StreamEpoch {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'stream_epoch_pkey' })
  id: number;

  @Column('uuid')
  epoch: string;
}
