import { Injectable } from '@nestjs/common';
import { publicUser, type Actor } from '../access/actor.js';
import type { Stream } from '../contract/message.js';
import { TypingService } from '../presence/typing.service.js';
import { requireStream } from './room.policy.js';
import { RoomService } from './room.service.js';

/** Who may be seen writing where. */
@Injectable()
export class RoomTypingService {
  constructor(
    private readonly rooms: RoomService,
    private readonly typing: TypingService,
  ) {}

  /** @throws AppError `room.not_found`, `access.denied`, `room.closed`. */
  async start(actor: Actor, roomId: string, stream: Stream): Promise<Record<string, never>> {
    await this.requireWritable(actor, roomId, stream);
    this.typing.start(publicUser(actor), roomId, stream);
    return {};
  }

  async stop(actor: Actor, roomId: string, stream: Stream): Promise<Record<string, never>> {
    await this.requireWritable(actor, roomId, stream);
    this.typing.stop(actor.id, roomId, stream);
    return {};
  }

  private async requireWritable(actor: Actor, roomId: string, stream: Stream): Promise<void> {
    requireStream(actor, stream);
    await this.rooms.requireWritable(actor, roomId);
  }
}
