import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Chore } from './chore.entity.js';
import { Chores } from './chores.js';
import { Reads } from './reads.js';

@Global()
@Module({ imports: [TypeOrmModule.forFeature([Chore])], providers: [Chores, Reads], exports: [Chores, Reads] })
export class DatabaseModule {}
