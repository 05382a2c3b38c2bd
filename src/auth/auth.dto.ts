import { IsIn, IsString, MaxLength } from 'class-validator';
import { MAX_CODE_LENGTH } from '../contract/second-factor.js';
import { MAX_PASSWORD_LENGTH } from '../contract/session.js';
import { MAX_NAME_LENGTH, MAX_USERNAME_LENGTH, ROLES, STAFF_ROLES, type Role, type StaffRole } from '../contract/user.js';
import { IsCapacity, IsTeamIds } from '../business/agent.dto.js';
import { IsSlug } from '../business/business.dto.js';
import { IsFreeObject, IsId, IsImageUrl, IsLimit, IsMailAddress, IsObjectOf, IsText, Nullable, Optional } from '../validation/rules.js';

const MAX_TOKEN = 4096;

/** Kept as sent, spaces included; whether it is good enough is asked later. */
const IsPassword = (): PropertyDecorator => IsText(MAX_PASSWORD_LENGTH);

/** Six digits, or a recovery code; spaces do not count. */
const IsCode = (): PropertyDecorator => IsText(MAX_CODE_LENGTH);

const IsToken = (): PropertyDecorator => (target, property) => {
  IsString({ message: 'must be a token' })(target, property);
  MaxLength(MAX_TOKEN, { message: `must be at most ${MAX_TOKEN} characters` })(target, property);
};

class FirstAdminDto {
  @IsText(MAX_NAME_LENGTH)
  name: string;

  @IsMailAddress()
  email: string;

  @IsPassword()
  password: string;
}

export class CreateBusinessDto {
  @IsText(MAX_NAME_LENGTH)
  name: string;

  @Optional()
  @IsSlug()
  slug?: string;

  @IsObjectOf(() => FirstAdminDto)
  admin: FirstAdminDto;
}

export class RegisterDto {
  /** Slug or id. */
  @IsText(63)
  business: string;

  @IsMailAddress()
  email: string;

  @IsPassword()
  password: string;

  @Optional()
  @IsText(MAX_NAME_LENGTH)
  name?: string;

  @Optional()
  @IsText(MAX_USERNAME_LENGTH)
  username?: string;

  @Optional()
  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role?: Role;
}

export class LoginDto {
  @IsMailAddress()
  email: string;

  @IsPassword()
  password: string;

  /** Slug or id. */
  @Optional()
  @IsText(63)
  business?: string;

  @Optional()
  @IsCode()
  code?: string;
}

export class ForgotPasswordDto {
  @IsMailAddress()
  email: string;

  /** Slug or id. */
  @Optional()
  @IsText(63)
  business?: string;
}

export class ResumeDto {
  @IsToken()
  token: string;
}

export class ResetPasswordDto {
  @IsToken()
  token: string;

  @IsPassword()
  password: string;
}

export class BeginSecondFactorDto {
  @IsPassword()
  password: string;
}

export class ConfirmSecondFactorDto {
  @IsCode()
  code: string;
}

export class ProveSecondFactorDto {
  @IsPassword()
  password: string;

  @IsCode()
  code: string;
}

class IdentityDto {
  @IsText(200)
  externalId: string;

  /** Of any form here: one that is none is a wrong one. */
  @IsToken()
  signature: string;
}

export class GuestDto {
  /** Slug or id. */
  @IsText(63)
  business: string;

  @Optional()
  @IsText(MAX_NAME_LENGTH)
  name?: string;

  @Optional()
  @IsMailAddress()
  email?: string;

  @Optional()
  @IsFreeObject(8192)
  attributes?: Record<string, unknown>;

  @Optional()
  @IsFreeObject(8192)
  context?: Record<string, unknown>;

  @Optional()
  @IsObjectOf(() => IdentityDto)
  identity?: IdentityDto;
}

export class RefreshDto {
  @IsToken()
  refreshToken: string;

  @Optional()
  @IsId()
  attemptId?: string;
}

export class UpdateMeDto {
  /** With another `email`, of somebody who signs in with a password. */
  @Optional()
  @IsPassword()
  currentPassword?: string;

  @Optional()
  @IsText(MAX_NAME_LENGTH)
  name?: string;

  @Nullable()
  @IsText(MAX_USERNAME_LENGTH)
  username?: string | null;

  @Optional()
  @IsMailAddress()
  email?: string;

  @IsImageUrl()
  avatarUrl?: string | null;
}

export class ChangePasswordDto {
  @IsPassword()
  currentPassword: string;

  @IsPassword()
  newPassword: string;
}

export class CreateAgentDto {
  @IsMailAddress()
  email: string;

  @IsText(MAX_NAME_LENGTH)
  name: string;

  @IsIn(STAFF_ROLES, { message: 'must be agent or admin' })
  role: StaffRole;

  /** Without one the person is invited by mail. */
  @Optional()
  @IsPassword()
  password?: string;

  @IsCapacity()
  capacity?: number | null;

  @IsTeamIds()
  teamIds?: string[];
}

export class SessionIdParam {
  @IsId()
  id: string;
}

export class ListSessionsQuery {
  @IsLimit()
  limit?: number;

  @Optional()
  @IsText(500)
  cursor?: string;
}

export class AccessTokenDto {
  @IsToken()
  token: string;
}
