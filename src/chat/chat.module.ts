import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BusinessModule } from '../business/business.module.js';
import { MessageModule } from '../message/message.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomModule } from '../room/room.module.js';
import { ChatBroadcaster } from './chat.broadcaster.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatServer } from './chat-server.js';
import { Connections } from './connections.js';
import { RoomMembers } from './room-members.js';
import { RoomNotifier } from './room-notifier.js';
import { RoomPump } from './room.pump.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { SocketAuth } from './socket-auth.js';
import { SocketDoor } from './socket-door.js';

@Module({
  imports: [AuthModule, BusinessModule, RoomModule, MessageModule, PresenceModule],
  providers: [
    ChatGateway,
    ChatBroadcaster,
    ChatServer,
    Connections,
    RoomMembers,
    RoomNotifier,
    RoomPump,
    RoomSubscriptions,
    SocketAuth,
    SocketDoor,
  ],
  exports: [Connections],
})
export class ChatModule {}
