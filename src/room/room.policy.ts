import { isStaff, type Actor } from '../access/actor.js';
import { STREAMS, type Stream } from '../contract/message.js';
import { AppError } from '../error/app-error.js';
import type { Room } from './room.entity.js';

type RoomFacts = Pick<Room, 'businessId' | 'customerId'>;

/** Staff read the rooms of their business, customers their own. Who may not read a room is told that there is none. */
export const canRead = (actor: Actor, room: RoomFacts): boolean =>
  room.businessId === actor.businessId && (isStaff(actor) || room.customerId === actor.id);

/** @throws AppError `room.not_found` when there is none, or none that this actor may read. */
export const requireReadable = <Found extends RoomFacts>(actor: Actor, room: Found | null | undefined): Found => {
  if (!room || !canRead(actor, room)) throw new AppError('room.not_found');
  return room;
};

export const readableStreams = (actor: Actor): readonly Stream[] => (isStaff(actor) ? STREAMS : ['public']);

/** @throws AppError `access.denied` for a customer that names the internal stream. */
export const requireStream = (actor: Actor, stream: Stream): void => {
  if (!readableStreams(actor).includes(stream)) throw new AppError('access.denied');
};
