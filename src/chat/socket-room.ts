import { isStaff, type Actor } from '../access/actor.js';

/** Names of Socket.IO rooms. Built here alone, from ids that were checked: no client ever names one. */
export const publicOf = (roomId: string): string => `room:${roomId}:public`;
export const internalOf = (roomId: string): string => `room:${roomId}:internal`;
/** The joined sockets of a room's customer. */
export const customerOf = (roomId: string): string => `room:${roomId}:customer`;
/** All sockets of a business's staff. */
export const staffOf = (businessId: string): string => `business:${businessId}:staff`;
/** The sockets of those of its staff who reach all of its rooms. */
export const everyRoomOf = (businessId: string): string => `business:${businessId}:rooms`;
/** The sockets of agents who reach the rooms of their teams, and are in this one. */
export const teamOf = (teamId: string): string => `team:${teamId}`;
/** All sockets of one person. */
export const userOf = (userId: string): string => `user:${userId}`;

/** The room whose joined sockets these are, if the name is that of a public stream. */
export const roomIdOf = (name: string): string | undefined => /^room:(.+):public$/.exec(name)?.[1];

/** Where the sockets of a person are beside the rooms that they join. */
export const placesOf = (actor: Actor): string[] => {
  const own = userOf(actor.id);
  if (!isStaff(actor)) return [own];
  const reached = { own: [], team: actor.teamIds.map(teamOf), all: [everyRoomOf(actor.businessId)] }[actor.reach];
  return [own, staffOf(actor.businessId), ...reached];
};
