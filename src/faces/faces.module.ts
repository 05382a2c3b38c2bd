import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { FaceService } from './face.service.js';

@Module({ imports: [BusinessModule], providers: [FaceService] })
export class FacesModule {}
