import { isStaff, type Actor } from '../access/actor.js';
import { reaches, type RoomFacts } from '../access/permissions.js';
import { STREAMS, type Stream } from '../contract/message.js';
import { AppError } from '../error/app-error.js';

/** Who does not reach a room is told that there is none. @throws AppError `room.not_found`. */
export const requireReadable = <Found extends RoomFacts>(actor: Actor, room: Found | null | undefined): Found => {
  if (!room || !reaches(actor, room)) throw new AppError('room.not_found');
  return room;
};

export const readableStreams = (actor: Actor): readonly Stream[] => (isStaff(actor) ? STREAMS : ['public']);

/** @throws AppError `access.denied` for a customer that names the internal stream. */
export const requireStream = (actor: Actor, stream: Stream): void => {
  if (!readableStreams(actor).includes(stream)) throw new AppError('access.denied');
};
