import { Injectable, Logger } from '@nestjs/common';
import { publicUser, type Actor } from '../access/actor.js';
import type { MemberEvent } from '../contract/room.js';
import { isStaffRole, type PublicUser } from '../contract/user.js';
import { EventBus } from '../event/event-bus.js';
import { RoomService } from '../room/room.service.js';
import { ChatServer } from './chat-server.js';
import { customerOf, internalOf, userOf } from './socket-room.js';

const NONE: readonly string[] = [];

/** Somebody who has a room open. */
interface Member {
  user: PublicUser;
  /** How many sockets of this server have it open. */
  sockets: number;
  /** The other servers on which it is open. */
  servers: readonly string[];
}

/**
 * Who has which room open, on this server and on those that it hears of: told when a person's first socket joins and its last
 * one leaves. In memory alone; who has missed something is told all of it anew. Lists, not sets, since most hold one entry and
 * each connection pays for three of them.
 */
@Injectable()
export class RoomMembers {
  private readonly logger = new Logger(RoomMembers.name);
  /** By room. */
  private readonly members = new Map<string, Member[]>();
  /** Joined rooms by socket. */
  private readonly rooms = new Map<string, string[]>();

  constructor(
    private readonly server: ChatServer,
    private readonly roomService: RoomService,
    private readonly events: EventBus,
  ) {
    events.on('room.member_joined', ({ roomId, user, isAssignee }, from) => {
      if (from !== null && this.enterElsewhere(roomId, user, from)) this.tell('room.member_joined', { roomId, user }, isAssignee);
    });
    events.on('room.member_left', ({ roomId, user, isAssignee }, from) => {
      if (from !== null && this.exitElsewhere(roomId, user.id, from)) this.tell('room.member_left', { roomId, user }, isAssignee);
    });
    events.on('room.members_listed', ({ members }, from) => from !== null && this.replace(from, members));
    events.on('node.left', ({ nodeId }) => this.replace(nodeId, []));
    events.on('news.asked', () => this.events.announce('room.members_listed', { members: this.here() }));
  }

  joined(actor: Actor, roomId: string, socketId: string, assigneeId: string | undefined): void {
    const rooms = this.rooms.get(socketId);
    if (rooms?.includes(roomId)) return;
    if (rooms) rooms.push(roomId);
    else this.rooms.set(socketId, [roomId]);
    const user = publicUser(actor);
    const isAssignee = assigneeId === actor.id;
    const known = this.find(roomId, actor.id);
    const isFirstHere = !known || known.sockets === 0;
    if (known) known.sockets++;
    else this.add(roomId, { user, sockets: 1, servers: NONE });
    if (isFirstHere) this.events.announce('room.member_joined', { roomId, user, isAssignee });
    if (!known) this.tell('room.member_joined', { roomId, user }, isAssignee);
  }

  /** Everybody who has a room open. */
  in(roomId: string): PublicUser[] {
    return (this.members.get(roomId) ?? []).map(({ user }) => user);
  }

  /** The rooms that a socket has joined. */
  roomsOf(socketId: string): readonly string[] {
    return this.rooms.get(socketId) ?? NONE;
  }

  left(actor: Actor, roomId: string, socketId: string): void {
    const rooms = this.rooms.get(socketId);
    if (!rooms?.includes(roomId)) return;
    this.rooms.set(
      socketId,
      rooms.filter((id) => id !== roomId),
    );
    this.leave(actor, [roomId]);
  }

  /** A socket is gone, and with it from all its rooms. */
  gone(actor: Actor, socketId: string): void {
    const roomIds = this.roomsOf(socketId);
    this.rooms.delete(socketId);
    this.leave(actor, roomIds);
  }

  /** One socket of a person less in each of these rooms. */
  private leave(actor: Actor, roomIds: readonly string[]): void {
    const left = roomIds.filter((roomId) => {
      const member = this.find(roomId, actor.id);
      if (!member || --member.sockets > 0) return false;
      this.forget(roomId, member);
      return true;
    });
    if (left.length > 0) void this.tellLeft(publicUser(actor), left, true);
  }

  private find(roomId: string, userId: string): Member | undefined {
    return this.members.get(roomId)?.find(({ user }) => user.id === userId);
  }

  private isHere(roomId: string, userId: string): boolean {
    return (this.find(roomId, userId)?.sockets ?? 0) > 0;
  }

  /** Everybody who has joined on this server. */
  private here(): MemberEvent[] {
    return [...this.members].flatMap(([roomId, members]) =>
      members.filter(({ sockets }) => sockets > 0).map(({ user }) => ({ roomId, user })),
    );
  }

  private add(roomId: string, member: Member): void {
    const members = this.members.get(roomId);
    if (members) members.push(member);
    else this.members.set(roomId, [member]);
  }

  /** Drops a member who has the room open nowhere any more. Whether it was dropped. */
  private forget(roomId: string, member: Member): boolean {
    if (member.sockets + member.servers.length > 0) return false;
    const others = (this.members.get(roomId) ?? []).filter((one) => one !== member);
    if (others.length > 0) this.members.set(roomId, others);
    else this.members.delete(roomId);
    return true;
  }

  /** Whether the person had the room open nowhere before. */
  private enterElsewhere(roomId: string, user: PublicUser, server: string): boolean {
    const known = this.find(roomId, user.id);
    if (!known) this.add(roomId, { user, sockets: 0, servers: [server] });
    else if (!known.servers.includes(server)) known.servers = [...known.servers, server];
    return !known;
  }

  /** Whether the person has the room open nowhere any more. */
  private exitElsewhere(roomId: string, userId: string, server: string): boolean {
    const member = this.find(roomId, userId);
    if (!member) return false;
    member.servers = member.servers.filter((one) => one !== server);
    return this.forget(roomId, member);
  }

  /** What another server has said of all who have joined there, in place of what was known. */
  private replace(server: string, members: MemberEvent[]): void {
    const listed = new Set(members.map(({ roomId, user }) => `${roomId} ${user.id}`));
    const left = new Map<string, { user: PublicUser; roomIds: string[] }>();
    for (const [roomId, present] of [...this.members]) {
      for (const { user, servers } of present) {
        if (!servers.includes(server) || listed.has(`${roomId} ${user.id}`) || !this.exitElsewhere(roomId, user.id, server)) continue;
        const ofUser = left.get(user.id) ?? { user, roomIds: [] };
        left.set(user.id, { user, roomIds: [...ofUser.roomIds, roomId] });
      }
    }
    for (const { user, roomIds } of left.values()) void this.tellLeft(user, roomIds, false);
    for (const { roomId, user } of members) {
      if (this.enterElsewhere(roomId, user, server)) this.tell('room.member_joined', { roomId, user }, false);
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
        if (!this.find(roomId, user.id)) this.tell('room.member_left', { roomId, user }, isAssignee);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'a leaving could not be told');
    }
  }

  /** Staff in the room hear of everybody, its customer of the assignee. */
  private tell(name: 'room.member_joined' | 'room.member_left', event: MemberEvent, isAssignee: boolean): void {
    const to = isAssignee ? [internalOf(event.roomId), customerOf(event.roomId)] : [internalOf(event.roomId)];
    // Most customers come to a room that no agent has open.
    if (to.every((place) => this.server.listeners(place) === 0)) return;
    this.server.io.to(to).except(userOf(event.user.id)).emit(name, event);
  }
}
