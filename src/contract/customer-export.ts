import type { Message } from './message.js';
import type { CustomerRoomState } from './room.js';
import type { Time } from './scalar.js';
import type { PublicUser } from './user.js';

/** What a customer told of itself. Not what others noted of it. */
export interface ExportedCustomer extends PublicUser {
  email: string | null;
  /** A name to sign or to mention with, of the person's own choice. */
  username: string | null;
  createdAt: Time;
}

/** A room as its customer sees it, with all of its public stream. */
export interface ExportedRoom {
  room: CustomerRoomState;
  entries: Message[];
}

/** All that a customer wrote and was told, to be handed to it: nothing that only staff may see. */
export interface CustomerExport {
  customer: ExportedCustomer;
  /** The newest first. */
  rooms: ExportedRoom[];
}
