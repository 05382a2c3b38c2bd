import { Module } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { AccessGuard } from '../access/access.guard.js';
import { RateLimitGuard } from '../access/rate-limit.guard.js';
import { StreamGuard } from '../access/stream.guard.js';
import { AuthModule } from '../auth/auth.module.js';
import { JwtAuthGuard } from '../auth/jwt-auth.guard.js';
import { BusinessModule } from '../business/business.module.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { MessageModule } from '../message/message.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomModule } from '../room/room.module.js';
import { PayloadPipe } from '../validation/payload.pipe.js';
import { ChatBroadcaster } from './chat.broadcaster.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatServer } from './chat-server.js';
import { Connections } from './connections.js';
import { GatewayHandlers } from './gateway-handlers.js';
import { MissedNews } from './missed-news.js';
import { MentionNotifier } from './mention-notifier.js';
import { QueueNotifier } from './queue-notifier.js';
import { ReachWatch } from './reach-watch.js';
import { RecentMarks } from './recent-marks.js';
import { RoomMembers } from './room-members.js';
import { RoomNotifier } from './room-notifier.js';
import { RoomPump } from './room.pump.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { SlowReaders } from './slow-readers.js';
import { SocketAuth } from './socket-auth.js';
import { SocketDoor } from './socket-door.js';
import { ViewerController } from './viewer.controller.js';
import { ViewerService } from './viewer.service.js';

@Module({
  imports: [AuthModule, BusinessModule, RoomModule, InboxModule, MessageModule, PresenceModule],
  controllers: [ViewerController],
  providers: [
    AccessGuard,
    ChatGateway,
    ChatBroadcaster,
    ChatServer,
    Connections,
    GatewayHandlers,
    JwtAuthGuard,
    MetadataScanner,
    MissedNews,
    MentionNotifier,
    PayloadPipe,
    QueueNotifier,
    RateLimitGuard,
    StreamGuard,
    ReachWatch,
    RecentMarks,
    RoomMembers,
    RoomNotifier,
    RoomPump,
    RoomSubscriptions,
    SlowReaders,
    SocketAuth,
    SocketDoor,
    ViewerService,
  ],
  exports: [Connections],
})
export class ChatModule {}
