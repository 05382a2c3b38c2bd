import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Chore } from './chore.entity.js';
import { Chores } from './chores.js';
import { PoolFigures } from './pool-figures.js';
import { Reads } from './reads.js';

@Global()
@Module({ imports: [TypeOrmModule.forFeature([Chore])], providers: [Chores, PoolFigures, Reads], exports: [Chores, Reads] })
export class DatabaseModule {}
