import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import {
  AGENT_SCOPES,
  AI_ENGINES,
  MAX_AI_INSTRUCTIONS,
  MAX_AI_NAME,
  MAX_AI_TOKENS,
  MAX_AUTO_MINUTES,
  MAX_AUTO_TEXT,
  MAX_BUSINESS_NAME,
  MAX_CONSENT_TEXT,
  MAX_EDIT_WINDOW_SECONDS,
  MAX_GIVE_BACK_SECONDS,
  MAX_ORIGINS,
  MAX_WELCOME_TEXT,
  PRE_CHAT_FIELDS,
  ROUTING_MODES,
  type AgentScope,
  type AiEngine,
  type RoutingMode,
} from '../contract/business.js';
import { ID_PATTERN } from '../contract/scalar.js';
import { AreOrigins } from '../config/origin.rule.js';
import { IsImageUrl, IsLanguage, IsList, IsObjectOf, IsText, Nullable, Optional } from '../validation/rules.js';
import { AUTO_VARIABLES } from '../contract/automation.js';
import { NamesOnly } from '../validation/template.js';
import { HoursDto } from './hours.dto.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

/** Not of the form of an id, which may stand wherever a slug may. */
const SLUG = new RegExp(`^(?!${ID_PATTERN}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

export class SlugParam {
  @IsText(63)
  slug: string;
}

/** A slug of its own makes a link that people can read. */
export const IsSlug = (): PropertyDecorator => Matches(SLUG, { message: 'must be 1 to 63 lower-case letters, digits and inner hyphens' });

class ThemeDto {
  @Nullable()
  @Matches(/^#[0-9a-fA-F]{6}$/, { message: 'must be a colour such as #1a2b3c' })
  color?: string | null;

  @Nullable()
  @IsImageUrl()
  logoUrl?: string | null;
}

class PreChatDto {
  @IsList(PRE_CHAT_FIELDS.length)
  @IsIn(PRE_CHAT_FIELDS, { each: true, message: 'must be name or email' })
  required: ('name' | 'email')[];

  @Nullable()
  @IsText(MAX_CONSENT_TEXT)
  consentText?: string | null;
}

class RoutingDto {
  @Optional()
  @IsIn(ROUTING_MODES, { message: `must be one of ${ROUTING_MODES.join(', ')}` })
  mode?: RoutingMode;

  @Optional()
  @IsTrueOrFalse()
  lastAgentFirst?: boolean;

  @Nullable()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(MAX_GIVE_BACK_SECONDS, { message: `must be at most ${MAX_GIVE_BACK_SECONDS}` })
  giveBackAfterSeconds?: number | null;
}

const IsTokens = (): PropertyDecorator => (target, name) => {
  IsInt({ message: 'must be a whole number' })(target, name);
  Min(0, { message: 'must be at least 0' })(target, name);
  Max(MAX_AI_TOKENS, { message: `must be at most ${MAX_AI_TOKENS}` })(target, name);
};

class AiDto {
  @Optional()
  @IsTrueOrFalse()
  enabled?: boolean;

  @Optional()
  @IsIn(AI_ENGINES, { message: `must be one of ${AI_ENGINES.join(', ')}` })
  engine?: AiEngine;

  @Optional()
  @IsTrueOrFalse()
  help?: boolean;

  @Nullable()
  @IsText(MAX_AI_INSTRUCTIONS)
  instructions?: string | null;

  @Nullable()
  @IsText(MAX_AI_NAME)
  baseUrl?: string | null;

  @Nullable()
  @IsText(MAX_AI_NAME)
  model?: string | null;

  @Nullable()
  @IsTokens()
  roomTokens?: number | null;

  @Nullable()
  @IsTokens()
  dayTokens?: number | null;
}

const IsMinutes = (): PropertyDecorator => (target, name) => {
  IsInt({ message: 'must be a whole number' })(target, name);
  Min(1, { message: 'must be at least 1' })(target, name);
  Max(MAX_AUTO_MINUTES, { message: `must be at most ${MAX_AUTO_MINUTES}` })(target, name);
};
const IsAutoText = (): PropertyDecorator => (target, name) => {
  IsText(MAX_AUTO_TEXT)(target, name);
  NamesOnly(AUTO_VARIABLES)(target, name);
};

class AutoRepliesDto {
  @Nullable()
  @IsAutoText()
  welcome?: string | null;

  @Nullable()
  @IsAutoText()
  away?: string | null;

  @Nullable()
  @IsAutoText()
  afterHours?: string | null;

  @Nullable()
  @IsAutoText()
  idle?: string | null;

  @Nullable()
  @IsMinutes()
  idleMinutes?: number | null;

  @Nullable()
  @IsMinutes()
  idleCloseMinutes?: number | null;

  @Nullable()
  @IsMinutes()
  remindMinutes?: number | null;

  @Nullable()
  @IsMinutes()
  mailMinutes?: number | null;
}

class SettingsDto {
  @Optional()
  @IsIn(AGENT_SCOPES, { message: `must be one of ${AGENT_SCOPES.join(', ')}` })
  agentScope?: AgentScope;

  @Optional()
  @IsObjectOf(() => RoutingDto)
  routing?: RoutingDto;

  @Optional()
  @IsObjectOf(() => AiDto)
  ai?: AiDto;

  @Optional()
  @IsObjectOf(() => AutoRepliesDto)
  autoReplies?: AutoRepliesDto;

  @Optional()
  @IsTrueOrFalse()
  multipleRooms?: boolean;

  @Optional()
  @IsList(MAX_ORIGINS)
  @AreOrigins()
  allowedOrigins?: string[];

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(MAX_EDIT_WINDOW_SECONDS, { message: `must be at most ${MAX_EDIT_WINDOW_SECONDS}` })
  editWindowSeconds?: number;

  @Optional()
  @IsTrueOrFalse()
  secondFactorRequired?: boolean;

  @Optional()
  @IsTrueOrFalse()
  identityRequired?: boolean;

  @Nullable()
  @IsObjectOf(() => HoursDto)
  hours?: HoursDto | null;
}

export class UpdateBusinessDto {
  @Optional()
  @IsText(MAX_BUSINESS_NAME)
  name?: string;

  @Optional()
  @IsObjectOf(() => ThemeDto)
  theme?: ThemeDto;

  @Nullable()
  @IsText(MAX_WELCOME_TEXT)
  welcomeText?: string | null;

  @Optional()
  @IsLanguage()
  locale?: string;

  @Nullable()
  @IsObjectOf(() => PreChatDto)
  preChat?: PreChatDto | null;

  @Optional()
  @IsObjectOf(() => SettingsDto)
  settings?: SettingsDto;
}
