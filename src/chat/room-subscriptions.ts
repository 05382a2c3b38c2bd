import { Injectable } from '@nestjs/common';
import { isStaff, type Actor } from '../access/actor.js';
import { ROOMS_PER_SOCKET } from '../access/limits.js';
import { Env } from '../config/env.js';
import type { Message, Position } from '../contract/message.js';
import type { Joined, Room } from '../contract/room.js';
import { AppError } from '../error/app-error.js';
import type { SendMessageDto } from '../message/message.dto.js';
import { MessageService, type Sent } from '../message/message.service.js';
import { TypingService } from '../presence/typing.service.js';
import type { OpenRoomDto } from '../room/room.dto.js';
import { RoomService } from '../room/room.service.js';
import type { SendMessageCommand } from './chat.dto.js';
import type { ChatSocket } from './chat-server.js';
import { QueueNotifier } from './queue-notifier.js';
import { RecentMarks } from './recent-marks.js';
import { RoomMembers } from './room-members.js';
import { RoomNotifier } from './room-notifier.js';
import { RoomPump } from './room.pump.js';
import { customerOf, internalOf, publicOf } from './socket-room.js';

/** Which sockets listen to which rooms, and what they hear of their own doing. */
@Injectable()
export class RoomSubscriptions {
  constructor(
    private readonly env: Env,
    private readonly rooms: RoomService,
    private readonly messages: MessageService,
    private readonly pump: RoomPump,
    private readonly members: RoomMembers,
    private readonly queue: QueueNotifier,
    private readonly notifier: RoomNotifier,
    private readonly marks: RecentMarks,
    private readonly typing: TypingService,
  ) {}

  /** Subscribes first, then reads: no entry falls between the page and the events. */
  async join(socket: ChatSocket, actor: Actor, roomId: string, after: Position | undefined, limit: number | undefined): Promise<Joined> {
    await this.rooms.require(actor, roomId);
    const wasIn = socket.rooms.has(publicOf(roomId));
    await this.enter(socket, actor, roomId);
    // The pump asks first where the streams stand: what it will not send any more, the page finds.
    const [, catchup, room] = await this.notifier
      .readFor(roomId, () =>
        Promise.all([this.pump.open(roomId), this.messages.catchUp(actor, roomId, after, limit), this.rooms.get(actor, roomId)]),
      )
      .catch(async (error: unknown) => {
        // Whoever is refused in the middle, because the room was given away, must not listen on.
        if (!wasIn) await this.exit(socket, roomId);
        throw error;
      });
    this.noteMember(socket, actor, roomId, room.assignee?.id);
    this.tellTyping(socket, actor, roomId);
    if (!isStaff(actor) && room.queuePosition !== null) this.queue.joined(actor.businessId, roomId);
    return { room: this.marks.within(room), ...catchup };
  }

  async leave(socket: ChatSocket, actor: Actor, roomId: string): Promise<Record<string, never>> {
    await this.rooms.require(actor, roomId);
    await this.remove(socket, actor, roomId);
    return {};
  }

  /** Takes a socket out of a room, and tells the others that its person left if that was the last one. */
  async remove(socket: ChatSocket, actor: Actor, roomId: string): Promise<void> {
    await this.exit(socket, roomId);
    this.members.left(actor, roomId, socket.id);
  }

  async open(socket: ChatSocket, actor: Actor, dto: OpenRoomDto): Promise<Room> {
    const { room } = await this.rooms.open(actor, dto);
    await this.subscribe(socket, actor, room.id);
    this.noteMember(socket, actor, room.id, room.assignee?.id);
    // Read again: what came between the opening and the subscription was told to nobody.
    const opened = await this.notifier.readFor(room.id, () => this.rooms.get(actor, room.id));
    if (!isStaff(actor) && opened.queuePosition !== null) this.queue.joined(actor.businessId, room.id);
    return this.marks.within(opened);
  }

  /** Sends a message. Its entry is this socket's answer, not an event; every lower one was sent to it before. */
  async send(socket: ChatSocket, actor: Actor, command: SendMessageCommand): Promise<Message> {
    const { clientMessageId } = command;
    const sending = (socket.data.sending ??= []);
    sending.push(clientMessageId);
    try {
      const { roomId } = command;
      const { message } = await (roomId === undefined
        ? this.sendToCurrent(socket, actor, command)
        : this.messages.send(actor, roomId, command));
      const lower = this.pump.reached(message.roomId, message.stream, message.seq);
      if (lower && socket.rooms.has(publicOf(message.roomId))) await lower;
      return message;
    } finally {
      sending.splice(sending.indexOf(clientMessageId), 1);
    }
  }

  private sendToCurrent(socket: ChatSocket, actor: Actor, draft: SendMessageDto): Promise<Sent> {
    return this.messages.sendToCurrent(actor, draft, async (roomId) => {
      if (!socket.rooms.has(publicOf(roomId))) this.queue.joined(actor.businessId, roomId);
      await this.subscribe(socket, actor, roomId);
      this.noteMember(socket, actor, roomId, undefined);
    });
  }

  /** Of those who began before the socket came; what changes from now on it hears as an event like the others. */
  private tellTyping(socket: ChatSocket, actor: Actor, roomId: string): void {
    for (const typing of this.typing.in(roomId)) {
      if (typing.user.id !== actor.id && (typing.stream === 'public' || isStaff(actor))) socket.emit('typing.started', typing);
    }
  }

  private noteMember(socket: ChatSocket, actor: Actor, roomId: string, assigneeId: string | undefined): void {
    if (socket.rooms.has(publicOf(roomId))) this.members.joined(actor, roomId, socket.id, assigneeId);
  }

  private async subscribe(socket: ChatSocket, actor: Actor, roomId: string): Promise<void> {
    await this.enter(socket, actor, roomId);
    await this.pump.open(roomId);
  }

  private async exit(socket: ChatSocket, roomId: string): Promise<void> {
    for (const nameOf of [publicOf, internalOf, customerOf]) await socket.leave(nameOf(roomId));
  }

  private async enter(socket: ChatSocket, actor: Actor, roomId: string): Promise<void> {
    const isJoined = socket.rooms.has(publicOf(roomId));
    if (!isJoined && this.members.roomsOf(socket.id).length >= ROOMS_PER_SOCKET * this.env.rateLimitFactor(socket.data.ip)) {
      throw new AppError('rate.limited', { message: 'This connection has joined too many rooms', details: { retryAfterMs: 60_000 } });
    }
    // A socket that went in the meantime must not stay in rooms that nobody takes it out of.
    if (!socket.connected) throw new AppError('unavailable');
    await socket.join(isStaff(actor) ? [publicOf(roomId), internalOf(roomId)] : [publicOf(roomId), customerOf(roomId)]);
  }
}
