import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Entry } from './entry.entity.js';
import { EntryReader } from './entry.reader.js';
import { StreamCounter } from './stream-counter.entity.js';
import { StreamEpoch } from './stream-epoch.entity.js';
import { StreamWriter } from './stream.writer.js';

@Module({
  imports: [TypeOrmModule.forFeature([Entry, StreamCounter, StreamEpoch])],
  providers: [StreamWriter, EntryReader],
  exports: [StreamWriter, EntryReader],
})
export class StreamModule {}
