import { Injectable, Logger } from '@nestjs/common';
import { publicUser, type Actor } from '../access/actor.js';
import type { MemberEvent } from '../contract/room.js';
import { isStaffRole, type PublicUser } from '../contract/user.js';
import { EventBus } from '../event/event-bus.js';
import { RoomService } from '../room/room.service.js';
import { ChatServer } from './chat-server.js';
import { customerOf, internalOf, userOf } from './socket-room.js';

const NONE: ReadonlySet<string> = new Set();

/** Somebody who has a room open: by which sockets of this server, and on which other servers. */
interface Member {
  user: PublicUser;
  sockets: Set<string>;
  servers: Set<string>;
}

/**
 * Who has which room open, on this server and on those that it hears of: told when a person's first socket joins and its last
 * one leaves. In memory alone; who has missed something is told all of it anew.
 */
@Injectable()
export class RoomMembers {
  private readonly logger = new Logger(RoomMembers.name);
  /** By room and person. */
  private readonly people = new Map<string, Map<string, Member>>();
  /** Joined rooms by socket. */
  private readonly rooms = new Map<string, Set<string>>();

  constructor(
    private readonly server: ChatServer,
    private readonly roomService: RoomService,
    private readonly events: EventBus,
  ) {
    events.on('room.member_joined', ({ roomId, user, isAssignee }, from) => {
      if (from !== null && this.enter(roomId, user, { server: from })) this.tell('room.member_joined', { roomId, user }, isAssignee);
    });
    events.on('room.member_left', ({ roomId, user, isAssignee }, from) => {
      if (from !== null && this.exit(roomId, user.id, { server: from })) this.tell('room.member_left', { roomId, user }, isAssignee);
    });
    events.on('room.members_listed', ({ members }, from) => from !== null && this.replace(from, members));
    events.on('node.left', ({ nodeId }) => this.replace(nodeId, []));
    events.on('news.asked', () => this.events.announce('room.members_listed', { members: this.here() }));
  }

  joined(actor: Actor, roomId: string, socketId: string, assigneeId: string | undefined): void {
    this.rooms.set(socketId, (this.rooms.get(socketId) ?? new Set()).add(roomId));
    const isFirstHere = !this.isHere(roomId, actor.id);
    const user = publicUser(actor);
    const isAssignee = assigneeId === actor.id;
    const isFirst = this.enter(roomId, user, { socket: socketId });
    if (isFirstHere) this.events.announce('room.member_joined', { roomId, user, isAssignee });
    if (isFirst) this.tell('room.member_joined', { roomId, user }, isAssignee);
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
    const left = roomIds.filter((roomId) => {
      const wasHere = this.isHere(roomId, actor.id);
      this.exit(roomId, actor.id, { socket: socketId });
      return wasHere && !this.isHere(roomId, actor.id);
    });
    if (left.length > 0) void this.tellLeft(publicUser(actor), left, true);
  }

  private isHere(roomId: string, userId: string): boolean {
    return (this.people.get(roomId)?.get(userId)?.sockets.size ?? 0) > 0;
  }

  /** Everybody who has joined on this server. */
  private here(): MemberEvent[] {
    return [...this.people].flatMap(([roomId, people]) =>
      [...people.values()].filter(({ sockets }) => sockets.size > 0).map(({ user }) => ({ roomId, user })),
    );
  }

  /** Whether the person had the room open nowhere before. */
  private enter(roomId: string, user: PublicUser, { socket, server }: { socket?: string; server?: string }): boolean {
    const people = this.people.get(roomId) ?? new Map<string, Member>();
    this.people.set(roomId, people);
    const known = people.get(user.id);
    const member = known ?? { user, sockets: new Set(), servers: new Set() };
    people.set(user.id, member);
    if (socket !== undefined) member.sockets.add(socket);
    if (server !== undefined) member.servers.add(server);
    return !known;
  }

  /** Whether the person has the room open nowhere any more. */
  private exit(roomId: string, userId: string, { socket, server }: { socket?: string; server?: string }): boolean {
    const people = this.people.get(roomId);
    const member = people?.get(userId);
    if (!people || !member) return false;
    if (socket !== undefined) member.sockets.delete(socket);
    if (server !== undefined) member.servers.delete(server);
    if (member.sockets.size + member.servers.size > 0) return false;
    people.delete(userId);
    if (people.size === 0) this.people.delete(roomId);
    return true;
  }

  /** What another server has said of all who have joined there, in place of what was known. */
  private replace(server: string, members: MemberEvent[]): void {
    const listed = new Set(members.map(({ roomId, user }) => `${roomId} ${user.id}`));
    const left = new Map<string, { user: PublicUser; roomIds: string[] }>();
    for (const [roomId, people] of [...this.people]) {
      for (const { user, servers } of [...people.values()]) {
        if (!servers.has(server) || listed.has(`${roomId} ${user.id}`) || !this.exit(roomId, user.id, { server })) continue;
        const ofUser = left.get(user.id) ?? { user, roomIds: [] };
        left.set(user.id, { user, roomIds: [...ofUser.roomIds, roomId] });
      }
    }
    for (const { user, roomIds } of left.values()) void this.tellLeft(user, roomIds, false);
    for (const { roomId, user } of members) {
      if (this.enter(roomId, user, { server })) this.tell('room.member_joined', { roomId, user }, false);
    }
  }

  /** `isOwn`: they left on this server, and the others do not know yet. */
  private async tellLeft(user: PublicUser, roomIds: string[], isOwn: boolean): Promise<void> {
    try {
      // A customer holds no room.
      const own = isStaffRole(user.role) ? await this.roomService.unclosedOf(user.id) : [];
      const held = new Set(own.filter(({ assigneeId }) => assigneeId === user.id).map(({ id }) => id));
      for (const roomId of roomIds) {
        const isAssignee = held.has(roomId);
        // Who has come back in the meantime was told of as having joined.
        if (isOwn && !this.isHere(roomId, user.id)) this.events.announce('room.member_left', { roomId, user, isAssignee });
        if (!this.people.get(roomId)?.has(user.id)) this.tell('room.member_left', { roomId, user }, isAssignee);
      }
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
