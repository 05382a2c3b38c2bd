import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGuard } from './access/access.guard.js';
import { AccessModule } from './access/access.module.js';
import { NamedRouteGuard } from './access/named-route.guard.js';
import { RateLimitGuard } from './access/rate-limit.guard.js';
import { StreamGuard } from './access/stream.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { JwtAuthGuard } from './auth/jwt-auth.guard.js';
import { OriginGuard } from './auth/origin.guard.js';
import { BusinessModule } from './business/business.module.js';
import { ArticleModule } from './article/article.module.js';
import { AssistModule } from './assist/assist.module.js';
import { AutomationModule } from './automation/automation.module.js';
import { CannedReplyModule } from './canned-reply/canned-reply.module.js';
import { ChatModule } from './chat/chat.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Env } from './config/env.js';
import { CustomerModule } from './customer/customer.module.js';
import { dataSourceOptions } from './database/data-source.js';
import { DatabaseModule } from './database/database.module.js';
import { DraftModule } from './draft/draft.module.js';
import { HttpErrorFilter } from './error/http-error.filter.js';
import { EventModule } from './event/event.module.js';
import { FacesModule } from './faces/faces.module.js';
import { HealthModule } from './health/health.module.js';
import { InboxModule } from './inbox/inbox.module.js';
import { MessageModule } from './message/message.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { RedisModule } from './redis/redis.module.js';
import { ReferenceModule } from './reference/reference.module.js';
import { ReportModule } from './report/report.module.js';
import { RoomModule } from './room/room.module.js';
import { RoutingModule } from './routing/routing.module.js';
import { SearchModule } from './search/search.module.js';
import { UploadModule } from './upload/upload.module.js';
import { TranscriptModule } from './transcript/transcript.module.js';
import { JsonBodyGuard } from './validation/json-body.guard.js';
import { PayloadPipe } from './validation/payload.pipe.js';
import { UnknownFieldGuard } from './validation/unknown-field.guard.js';

@Module({})
export class AppModule {
  static with(env: Env, databaseUrl: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env),
        TypeOrmModule.forRoot({ ...dataSourceOptions(env, databaseUrl), autoLoadEntities: true, retryAttempts: 1 }),
        DatabaseModule,
        RedisModule,
        EventModule,
        AccessModule,
        MetricsModule,
        HealthModule,
        PresenceModule,
        BusinessModule,
        AuthModule,
        RoomModule,
        InboxModule,
        UploadModule,
        MessageModule,
        CustomerModule,
        DraftModule,
        SearchModule,
        CannedReplyModule,
        ArticleModule,
        AssistModule,
        AutomationModule,
        TranscriptModule,
        ChatModule,
        RoutingModule,
        ReportModule,
        FacesModule,
        ...(env.DOCS === 'on' ? [ReferenceModule] : []),
      ],
      providers: [
        // In this order: who calls, from which page, whether that role may ever, how often; then the body is read, and looked at.
        { provide: APP_GUARD, useClass: NamedRouteGuard },
        { provide: APP_GUARD, useClass: JwtAuthGuard },
        { provide: APP_GUARD, useClass: OriginGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: JsonBodyGuard },
        { provide: APP_GUARD, useClass: StreamGuard },
        { provide: APP_GUARD, useClass: UnknownFieldGuard },
        { provide: APP_PIPE, useClass: PayloadPipe },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}
