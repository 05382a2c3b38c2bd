import { Module } from '@nestjs/common';
import { ReferenceController } from './reference.controller.js';
import { ReferenceService } from './reference.service.js';

/** Serves the documents of the API. Left out where they are switched off. */
@Module({ controllers: [ReferenceController], providers: [ReferenceService] })
export class ReferenceModule {}
