import { Matches } from 'class-validator';
import { MAX_LABEL_NAME } from '../contract/label.js';
import { IsId, IsText, Nullable, Optional } from '../validation/rules.js';

const COLOR = /^#[0-9a-fA-F]{6}$/;
const COLOR_RULE = { message: 'must be a colour such as #1a2b3c' };

export class LabelIdParam {
  @IsId()
  id: string;
}

export class CreateLabelDto {
  @IsText(MAX_LABEL_NAME)
  name: string;

  @Nullable()
  @Matches(COLOR, COLOR_RULE)
  color?: string | null;
}

export class UpdateLabelDto {
  @Optional()
  @IsText(MAX_LABEL_NAME)
  name?: string;

  @Nullable()
  @Matches(COLOR, COLOR_RULE)
  color?: string | null;
}
