import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { Env } from '../config/env.js';
import { PresenceModule } from '../presence/presence.module.js';
import { MailModule } from '../mail/mail.module.js';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.js';
import { AccountController } from './account.controller.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { DemoService } from './demo.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { OperatorService } from './operator.service.js';
import { OriginService } from './origin.service.js';
import { PasswordLinkController } from './password-link.controller.js';
import { PasswordLink } from './password-link.entity.js';
import { PasswordLinkService } from './password-link.service.js';
import { PasswordService } from './password.service.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { RefreshToken } from './refresh-token.entity.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactor } from './second-factor.entity.js';
import { SecondFactorService } from './second-factor.service.js';
import { ResumeLink } from './resume-link.entity.js';
import { ResumeLinkService } from './resume-link.service.js';
import { Session } from './session.entity.js';
import { SessionCleaner } from './session-cleaner.js';
import { SessionService } from './session.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Session, RefreshToken, PasswordLink, ResumeLink, SecondFactor, RecoveryCode]),
    JwtModule.registerAsync({
      inject: [Env],
      useFactory: ({ JWT_ACCESS_SECRET }: Env) => ({
        secret: JWT_ACCESS_SECRET,
        signOptions: { algorithm: TOKEN_ALGORITHM, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE },
      }),
    }),
    AuditModule,
    BusinessModule,
    MailModule,
    PresenceModule,
  ],
  controllers: [AuthController, PasswordLinkController, SecondFactorController, AccountController],
  providers: [
    AuthService,
    DemoService,
    OperatorService,
    SessionService,
    SessionCleaner,
    PasswordService,
    PasswordLinkService,
    ResumeLinkService,
    SecondFactorService,
    OriginService,
    JwtStrategy,
    Authenticator,
  ],
  exports: [Authenticator, OperatorService, SessionService, OriginService, AuthService, ResumeLinkService],
})
export class AuthModule {}
