import { Injectable, Logger } from '@nestjs/common';
import { isStaff, publicUser, type Actor } from '../access/actor.js';
import type { MemberEvent } from '../contract/room.js';
import type { PublicUser } from '../contract/user.js';
import { RoomService } from '../room/room.service.js';
import { ChatServer } from './chat-server.js';
import { customerOf, internalOf, userOf } from './socket-room.js';

const NONE: ReadonlySet<string> = new Set();

/** Who has which room open on this node: told when a person's first socket joins and its last one leaves. */
@Injectable()
export class RoomMembers {
  private readonly logger = new Logger(RoomMembers.name);
  /** Who has joined which room, and by which sockets. */
  private readonly people = new Map<string, Map<string, { user: PublicUser; sockets: Set<string> }>>();
  /** Joined rooms by socket. */
  private readonly rooms = new Map<string, Set<string>>();

  constructor(
    private readonly server: ChatServer,
    private readonly roomService: RoomService,
  ) {}

  joined(actor: Actor, roomId: string, socketId: string, assigneeId: string | undefined): void {
    this.rooms.set(socketId, (this.rooms.get(socketId) ?? new Set()).add(roomId));
    const people = this.people.get(roomId) ?? new Map<string, { user: PublicUser; sockets: Set<string> }>();
    this.people.set(roomId, people);
    const own = people.get(actor.id);
    if (own) {
      own.sockets.add(socketId);
      return;
    }
    const user = publicUser(actor);
    people.set(actor.id, { user, sockets: new Set([socketId]) });
    this.tell('room.member_joined', { roomId, user }, assigneeId === actor.id);
  }

  /** Everybody who has a room open. */
  in(roomId: string): PublicUser[] {
    return [...(this.people.get(roomId)?.values() ?? [])].map(({ user }) => user);
  }

  /** The rooms that a socket has joined. */
  roomsOf(socketId: string): ReadonlySet<string> {
    return this.rooms.get(socketId) ?? NONE;
  }

  left(actor: Actor, roomId: string, socketId: string): void {
    this.rooms.get(socketId)?.delete(roomId);
    this.leave(actor, [roomId], socketId);
  }

  /** A socket is gone, and with it from all its rooms. */
  gone(actor: Actor, socketId: string): void {
    const roomIds = [...(this.rooms.get(socketId) ?? [])];
    this.rooms.delete(socketId);
    this.leave(actor, roomIds, socketId);
  }

  private leave(actor: Actor, roomIds: string[], socketId: string): void {
    const gone = roomIds.filter((roomId) => this.remove(roomId, actor.id, socketId));
    if (gone.length > 0) void this.tellLeft(actor, gone);
  }

  private remove(roomId: string, userId: string, socketId: string): boolean {
    const people = this.people.get(roomId);
    const own = people?.get(userId)?.sockets;
    if (!people || !own?.delete(socketId) || own.size > 0) return false;
    people.delete(userId);
    if (people.size === 0) this.people.delete(roomId);
    return true;
  }

  private async tellLeft(actor: Actor, roomIds: string[]): Promise<void> {
    try {
      // A customer holds no room.
      const own = isStaff(actor) ? await this.roomService.unclosedOf(actor.id) : [];
      const held = new Set(own.filter(({ assigneeId }) => assigneeId === actor.id).map(({ id }) => id));
      for (const roomId of roomIds) this.tell('room.member_left', { roomId, user: publicUser(actor) }, held.has(roomId));
    } catch (error) {
      this.logger.warn({ err: error }, 'a leaving could not be told');
    }
  }

  /** Staff in the room hear of everybody, its customer of the assignee. */
  private tell(name: 'room.member_joined' | 'room.member_left', event: MemberEvent, isAssignee: boolean): void {
    const to = isAssignee ? [internalOf(event.roomId), customerOf(event.roomId)] : [internalOf(event.roomId)];
    this.server.io.to(to).except(userOf(event.user.id)).emit(name, event);
  }
}
