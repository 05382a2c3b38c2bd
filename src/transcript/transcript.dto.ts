import { IsIn } from 'class-validator';
import { TRANSCRIPT_FORMATS, type TranscriptFormat } from '../contract/transcript.js';
import { Optional } from '../validation/rules.js';

export class ExportRoomDto {
  @Optional()
  @IsIn(TRANSCRIPT_FORMATS, { message: `must be one of ${TRANSCRIPT_FORMATS.join(', ')}` })
  format?: TranscriptFormat;
}
