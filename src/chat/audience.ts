import type { DomainEventMap, RoomHolder } from '../contract/domain-events.js';
import { customerOf, everyRoomOf, internalOf, publicOf, staffOf, teamOf, userOf } from './socket-room.js';

/** Socket.IO rooms an event goes to, and those left out of them. */
export interface Audience {
  to: string[];
  except: string[];
}

type Told = 'room.marked' | 'typing.started' | 'typing.stopped' | 'presence.changed';

/**
 * Who gets which event, beside entries and room views. Staff of the room always see marks and typing; its customer sees
 * the public stream's, and of marks only its own and those of present and former assignees.
 */
const AUDIENCES: { [Name in Told]: (event: DomainEventMap[Name]) => Audience } = {
  'room.marked': ({ roomId, isCustomerVisible }) => ({
    to: isCustomerVisible ? [internalOf(roomId), customerOf(roomId)] : [internalOf(roomId)],
    except: [],
  }),
  'typing.started': ({ roomId, stream, user }) => ({
    to: [stream === 'public' ? publicOf(roomId) : internalOf(roomId)],
    except: [userOf(user.id)],
  }),
  'typing.stopped': ({ roomId, stream, user }) => ({
    to: [stream === 'public' ? publicOf(roomId) : internalOf(roomId)],
    except: [userOf(user.id)],
  }),
  'presence.changed': ({ businessId, isStaff }) => ({ to: isStaff ? [staffOf(businessId)] : [], except: [] }),
};

/** Staff who reach a room, joined or not: the audience of what `reaches` lets them read. */
export const reachersOf = (businessId: string, { assigneeId, teamId }: RoomHolder): string[] => [
  everyRoomOf(businessId),
  ...(teamId === null ? [] : [teamOf(teamId)]),
  ...(assigneeId === null ? [] : [userOf(assigneeId)]),
];

export const audienceOf = <Name extends Told>(name: Name, event: DomainEventMap[Name]): Audience => AUDIENCES[name](event);
