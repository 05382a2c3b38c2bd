import { Injectable, Logger } from '@nestjs/common';
import type { DomainEventMap } from '../contract/domain-events.js';
import type { Presence } from '../contract/presence.js';
import type { TypingEvent } from '../contract/room.js';
import { EventBus } from '../event/event-bus.js';
import { TypingService } from '../presence/typing.service.js';
import { RoomService } from '../room/room.service.js';
import { audienceOf } from './audience.js';
import { ChatServer } from './chat-server.js';
import { RecentMarks } from './recent-marks.js';
import { RoomNotifier } from './room-notifier.js';
import { RoomPump } from './room.pump.js';
import { customerOf, publicOf } from './socket-room.js';

/** The one way out: turns what was committed into what sockets hear. */
@Injectable()
export class ChatBroadcaster {
  private readonly logger = new Logger(ChatBroadcaster.name);

  constructor(
    private readonly server: ChatServer,
    private readonly pump: RoomPump,
    private readonly notifier: RoomNotifier,
    private readonly rooms: RoomService,
    private readonly marks: RecentMarks,
    typing: TypingService,
    events: EventBus,
  ) {
    events.on('message.created', (event) => {
      this.pump.ring(event);
      this.notifier.talked(event.businessId, event.roomId, event.stream === 'public');
      if (event.message?.sender) typing.stop(event.message.sender.id, event.roomId, event.stream);
    });
    events.on('room.created', ({ businessId, roomId }) => this.notifier.created(businessId, roomId));
    events.on('room.updated', ({ businessId, roomId, isCustomerVisible }) => this.notifier.changed(businessId, roomId, isCustomerVisible));
    events.on('room.marked', (event) => this.tellMark(event));
    events.on('ai.delta', (delta) => this.server.io.to(publicOf(delta.roomId)).emit('ai.delta', delta));
    events.on('typing.started', (event) => this.tellTyping('typing.started', event));
    events.on('typing.stopped', (event) => this.tellTyping('typing.stopped', event));
    events.on('presence.changed', (event) => void this.tellPresence(event));
  }

  private tellMark(event: DomainEventMap['room.marked']): void {
    this.server.io.to(audienceOf('room.marked', event).to).emit('room.marked', this.marks.note(event));
  }

  private tellTyping(name: 'typing.started' | 'typing.stopped', event: TypingEvent): void {
    const { to, except } = audienceOf(name, event);
    this.server.io.to(to).except(except).emit(name, event);
  }

  private async tellPresence(event: DomainEventMap['presence.changed']): Promise<void> {
    const { userId, status, lastSeenAt } = event;
    const presence: Presence = { userId, status, lastSeenAt };
    const { to } = audienceOf('presence.changed', event);
    if (to.length === 0) return;
    try {
      this.server.io.to(to).emit('presence.changed', presence);
      // The customers whom this agent looks after are told as well.
      const held = (await this.rooms.unclosedOf(userId)).filter(({ assigneeId }) => assigneeId === userId);
      if (held.length > 0) this.server.io.to(held.map(({ id }) => customerOf(id))).emit('presence.changed', presence);
    } catch (error) {
      this.logger.warn({ err: error }, 'customers could not be told of a presence');
    }
  }
}
