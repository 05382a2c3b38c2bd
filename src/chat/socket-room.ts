/** Names of Socket.IO rooms. Built here alone, from ids that were checked: no client ever names one. */
export const publicOf = (roomId: string): string => `room:${roomId}:public`;
export const internalOf = (roomId: string): string => `room:${roomId}:internal`;
/** The joined sockets of a room's customer. */
export const customerOf = (roomId: string): string => `room:${roomId}:customer`;
/** All sockets of a business's staff. */
export const staffOf = (businessId: string): string => `business:${businessId}:staff`;
/** All sockets of one person. */
export const userOf = (userId: string): string => `user:${userId}`;

/** The room whose joined sockets these are, if the name is that of a public stream. */
export const roomIdOf = (name: string): string | undefined => /^room:(.+):public$/.exec(name)?.[1];
