import { IsIn } from 'class-validator';
import { TONES, type Tone } from '../contract/assist.js';
import { MAX_BODY_LENGTH } from '../contract/message.js';
import { IsBody, IsId, IsLanguage, Optional } from '../validation/rules.js';

export class HelpParam {
  @IsId()
  roomId: string;
}

export class RewriteDto {
  @IsBody(MAX_BODY_LENGTH)
  body: string;

  /** `clear` when it is not given. */
  @Optional()
  @IsIn(TONES, { message: `must be one of ${TONES.join(', ')}` })
  tone?: Tone;
}

export class TranslateDto {
  @IsBody(MAX_BODY_LENGTH)
  body: string;

  @IsLanguage()
  language: string;
}
