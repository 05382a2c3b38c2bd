import { UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { AccessGuard } from '../access/access.guard.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import { RateLimitGuard } from '../access/rate-limit.guard.js';
import { StreamGuard } from '../access/stream.guard.js';
import { AccessTokenDto } from '../auth/auth.dto.js';
import { JwtAuthGuard } from '../auth/jwt-auth.guard.js';
import { SetPresenceDto } from '../business/presence.dto.js';
import { UserService } from '../business/user.service.js';
import type { Catchup, History, Message } from '../contract/message.js';
import type { Page } from '../contract/page.js';
import type { Presence } from '../contract/presence.js';
import type { Joined, MarkPosition, Room, Viewers } from '../contract/room.js';
import type { User } from '../contract/user.js';
import { ListRoomsDto } from '../inbox/inbox.dto.js';
import { RoomListService } from '../inbox/room-list.service.js';
import { MessageChangeService } from '../message/message-change.service.js';
import { MessageService } from '../message/message.service.js';
import { PresenceService } from '../presence/presence.service.js';
import { AssignmentService } from '../room/assignment.service.js';
import { MarkService } from '../room/mark.service.js';
import { RoomChangeService } from '../room/room-change.service.js';
import { OpenRoomDto, RoomIdParam } from '../room/room.dto.js';
import { RoomService } from '../room/room.service.js';
import { RoomUpdateService } from '../room/room-update.service.js';
import { RoomTypingService } from '../room/room-typing.service.js';
import { PayloadPipe } from '../validation/payload.pipe.js';
import {
  AssignRoomCommand,
  DeleteMessageCommand,
  EditMessageCommand,
  EmptyCommand,
  JoinRoomCommand,
  ListMessagesCommand,
  MarkCommand,
  SendMessageCommand,
  SyncRoomCommand,
  ToggleAiCommand,
  TransferRoomCommand,
  TypingCommand,
  UpdateRoomCommand,
} from './chat.dto.js';
import type { ChatIo, ChatSocket } from './chat-server.js';
import { Connections } from './connections.js';
import { On } from './on.decorator.js';
import { RoomSubscriptions } from './room-subscriptions.js';
import { SocketAuth } from './socket-auth.js';
import { ViewerService } from './viewer.service.js';

type Done = Record<string, never>;

/** The socket door: each command is one call of the use case that REST calls too. Events go out by the broadcaster. */
@WebSocketGateway()
@UseGuards(JwtAuthGuard, AccessGuard, RateLimitGuard, StreamGuard)
@UsePipes(PayloadPipe)
export class ChatGateway implements OnGatewayInit<ChatIo>, OnGatewayConnection<ChatSocket>, OnGatewayDisconnect<ChatSocket> {
  constructor(
    private readonly connections: Connections,
    private readonly auth: SocketAuth,
    private readonly subscriptions: RoomSubscriptions,
    private readonly rooms: RoomService,
    private readonly lists: RoomListService,
    private readonly changes: RoomChangeService,
    private readonly updates: RoomUpdateService,
    private readonly assignments: AssignmentService,
    private readonly marks: MarkService,
    private readonly typing: RoomTypingService,
    private readonly messages: MessageService,
    private readonly messageChanges: MessageChangeService,
    private readonly presence: PresenceService,
    private readonly users: UserService,
    private readonly viewers: ViewerService,
  ) {}

  afterInit(io: ChatIo): void {
    this.connections.start(io);
  }

  handleConnection(socket: ChatSocket): void {
    this.connections.opened(socket);
  }

  handleDisconnect(socket: ChatSocket): void {
    this.connections.closed(socket);
  }

  @On('room.open')
  openRoom(@ConnectedSocket() socket: ChatSocket, @CurrentActor() actor: Actor, @MessageBody() dto: OpenRoomDto): Promise<Room> {
    return this.subscriptions.open(socket, actor, dto);
  }

  @On('room.join')
  join(
    @ConnectedSocket() socket: ChatSocket,
    @CurrentActor() actor: Actor,
    @MessageBody() { roomId, after, limit }: JoinRoomCommand,
  ): Promise<Joined> {
    return this.subscriptions.join(socket, actor, roomId, after, limit);
  }

  @On('room.leave')
  leave(@ConnectedSocket() socket: ChatSocket, @CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Done> {
    return this.subscriptions.leave(socket, actor, roomId);
  }

  @On('room.sync')
  sync(@CurrentActor() actor: Actor, @MessageBody() { roomId, after, limit }: SyncRoomCommand): Promise<Catchup> {
    return this.messages.sync(actor, roomId, after, limit);
  }

  @On('room.list')
  listRooms(@CurrentActor() actor: Actor, @MessageBody() dto: ListRoomsDto): Promise<Page<Room>> {
    return this.lists.list(actor, dto);
  }

  @On('room.get')
  getRoom(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Room> {
    return this.rooms.get(actor, roomId);
  }

  @On('room.viewers')
  listViewers(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Viewers> {
    return this.viewers.list(actor, roomId);
  }

  @On('room.update')
  updateRoom(@CurrentActor() actor: Actor, @MessageBody() { roomId, ...dto }: UpdateRoomCommand): Promise<Room> {
    return this.updates.update(actor, roomId, dto);
  }

  @On('ai.toggle')
  toggleAi(@CurrentActor() actor: Actor, @MessageBody() { roomId, enabled }: ToggleAiCommand): Promise<Room> {
    return this.updates.update(actor, roomId, { aiEnabled: enabled });
  }

  @On('room.claim')
  claim(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Room> {
    return this.assignments.claim(actor, roomId);
  }

  @On('room.assign')
  assign(@CurrentActor() actor: Actor, @MessageBody() { roomId, ...dto }: AssignRoomCommand): Promise<Room> {
    return this.assignments.assign(actor, roomId, dto);
  }

  @On('room.transfer')
  transfer(@CurrentActor() actor: Actor, @MessageBody() { roomId, ...dto }: TransferRoomCommand): Promise<Room> {
    return this.assignments.transfer(actor, roomId, dto);
  }

  @On('room.close')
  close(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.close(actor, roomId);
  }

  @On('room.end')
  end(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.end(actor, roomId);
  }

  @On('room.reopen')
  reopen(@CurrentActor() actor: Actor, @MessageBody() { roomId }: RoomIdParam): Promise<Room> {
    return this.changes.reopen(actor, roomId);
  }

  @On('message.send')
  send(@ConnectedSocket() socket: ChatSocket, @CurrentActor() actor: Actor, @MessageBody() command: SendMessageCommand): Promise<Message> {
    return this.subscriptions.send(socket, actor, command);
  }

  @On('message.edit')
  edit(@CurrentActor() actor: Actor, @MessageBody() { roomId, messageId, body }: EditMessageCommand): Promise<Message> {
    return this.messageChanges.edit(actor, roomId, messageId, body);
  }

  @On('message.delete')
  delete(@CurrentActor() actor: Actor, @MessageBody() { roomId, messageId }: DeleteMessageCommand): Promise<Message> {
    return this.messageChanges.delete(actor, roomId, messageId);
  }

  @On('message.list')
  listMessages(@CurrentActor() actor: Actor, @MessageBody() { roomId, ...query }: ListMessagesCommand): Promise<History> {
    return this.messages.list(actor, roomId, query);
  }

  @On('message.mark')
  mark(@CurrentActor() actor: Actor, @MessageBody() { roomId, ...dto }: MarkCommand): Promise<MarkPosition> {
    return this.marks.mark(actor, roomId, dto);
  }

  @On('typing.start')
  startTyping(@CurrentActor() actor: Actor, @MessageBody() { roomId, stream }: TypingCommand): Promise<Done> {
    return this.typing.start(actor, roomId, stream ?? 'public');
  }

  @On('typing.stop')
  stopTyping(@CurrentActor() actor: Actor, @MessageBody() { roomId, stream }: TypingCommand): Promise<Done> {
    return this.typing.stop(actor, roomId, stream ?? 'public');
  }

  @On('presence.set')
  setPresence(@CurrentActor() actor: Actor, @MessageBody() { status }: SetPresenceDto): Promise<Presence> {
    return this.presence.choose(actor, status);
  }

  @On('presence.list')
  listPresence(@CurrentActor() actor: Actor, @MessageBody() _: EmptyCommand): Promise<{ items: User[] }> {
    return this.users.online(actor);
  }

  @On('presence.heartbeat')
  heartbeat(@CurrentActor() actor: Actor, @MessageBody() _: EmptyCommand): Promise<Presence> {
    return this.presence.heartbeat(actor);
  }

  @On('auth.refresh')
  refresh(
    @ConnectedSocket() socket: ChatSocket,
    @CurrentActor() actor: Actor,
    @MessageBody() { token }: AccessTokenDto,
  ): Promise<{ expiresAt: string }> {
    return this.auth.refresh(socket, actor, token);
  }
}
