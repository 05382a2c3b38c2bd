import { IsBoolean, IsIn, IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { AGENT_SCOPES, ROUTING_MODES, type AgentScope, type RoutingMode } from '../contract/business.js';
import { isTimeZone } from '../time/zone.js';
import { IsDate, IsList, IsListOf, IsObjectOf, IsText, Nullable, Optional } from '../validation/rules.js';
import { isOrderly } from './hours.js';

/** Not of the form of an id, which may stand wherever a slug may. */
const SLUG = /^(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;

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
}

class PreChatDto {
  @IsList(2)
  @IsIn(['name', 'email'], { each: true, message: 'must be name or email' })
  required: ('name' | 'email')[];

  @Nullable()
  @IsText(500)
  consentText?: string | null;
}

class RoutingDto {
  @Optional()
  @IsIn(ROUTING_MODES, { message: `must be one of ${ROUTING_MODES.join(', ')}` })
  mode?: RoutingMode;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  lastAgentFirst?: boolean;

  @Nullable()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(86_400, { message: 'must be at most 86400' })
  giveBackAfterSeconds?: number | null;
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const CLOCK_TO_24 = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

class OpenSpanDto {
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1, Monday' })
  @Max(7, { message: 'must be at most 7, Sunday' })
  day: number;

  @Matches(CLOCK, { message: 'must be a time of day such as 09:00' })
  from: string;

  @Matches(CLOCK_TO_24, { message: 'must be a time of day such as 18:00, or 24:00' })
  to: string;
}

const IsZone = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isZone', validator: { validate: isTimeZone, defaultMessage: () => 'must be a time zone such as Europe/Berlin' } },
    { context: { schema: { type: 'string', maxLength: 64 } } },
  );

/** Asked when each span is right by itself. */
const IsOrderly = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isOrderly',
      validator: {
        validate: (spans: unknown) => !isSpans(spans) || isOrderly(spans),
        defaultMessage: () =>
          'must be spans that end after they begin and do not overlap; one through midnight is two, to 24:00 and from 00:00',
      },
    },
    { context: { schema: {} } },
  );

const isSpans = (value: unknown): value is OpenSpanDto[] =>
  Array.isArray(value) && value.every((span: Partial<OpenSpanDto> | null) => typeof span?.from === 'string' && typeof span.to === 'string');

class HoursDto {
  @IsZone()
  timeZone: string;

  @IsListOf(() => OpenSpanDto, 50)
  @IsOrderly()
  weekly: OpenSpanDto[];

  @IsList(400)
  @IsDate({ each: true })
  holidays: string[];
}

class SettingsDto {
  @Optional()
  @IsIn(AGENT_SCOPES, { message: `must be one of ${AGENT_SCOPES.join(', ')}` })
  agentScope?: AgentScope;

  @Optional()
  @IsObjectOf(() => RoutingDto)
  routing?: RoutingDto;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  multipleRooms?: boolean;

  @Optional()
  @IsList(50)
  @Matches(ORIGIN, { each: true, message: 'must be origins such as https://shop.example' })
  allowedOrigins?: string[];

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(31_536_000, { message: 'must be at most 31536000' })
  editWindowSeconds?: number;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  secondFactorRequired?: boolean;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  identityRequired?: boolean;

  @Nullable()
  @IsObjectOf(() => HoursDto)
  hours?: HoursDto | null;
}

export class UpdateBusinessDto {
  @Optional()
  @IsText(120)
  name?: string;

  @Optional()
  @IsObjectOf(() => ThemeDto)
  theme?: ThemeDto;

  @Nullable()
  @IsText(1000)
  welcomeText?: string | null;

  @Optional()
  @Matches(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { message: 'must be a language tag such as en or pt-BR' })
  locale?: string;

  @Nullable()
  @IsObjectOf(() => PreChatDto)
  preChat?: PreChatDto | null;

  @Optional()
  @IsObjectOf(() => SettingsDto)
  settings?: SettingsDto;
}
