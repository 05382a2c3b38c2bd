import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { openingAt } from '../business/hours.js';
import { LabelService, namesOf } from '../business/label.service.js';
import { UserService } from '../business/user.service.js';
import type { AutoVariable } from '../contract/automation.js';
import type { Message } from '../contract/message.js';
import type { Room } from '../room/room.entity.js';
import { RoomService } from '../room/room.service.js';
import type { Facts } from './judge.js';
import type { Policy } from './policy.service.js';

const MOST_LENGTH = 4_000;

/** A field of a context in words: only what is a word by itself. */
const inWords = (value: unknown): string[] =>
  ['string', 'number', 'boolean'].includes(typeof value) ? [String(value).slice(0, MOST_LENGTH)] : [];
const given = (value: string | null | undefined): string[] => (value == null || value === '' ? [] : [value]);

/** What is known of a room, for conditions and for texts. */
@Injectable()
export class FactService {
  constructor(
    private readonly rooms: RoomService,
    private readonly users: UserService,
    private readonly labels: LabelService,
    private readonly businesses: BusinessService,
  ) {}

  async of(bot: Actor, roomId: string, { hours }: Policy, entry: Message | null): Promise<Facts> {
    const room = await this.rooms.require(bot, roomId);
    const customer = await this.users.find(bot.businessId, room.customerId);
    const [roomLabels, customerLabels] = await Promise.all([this.labels.present(room.labelIds), this.labels.present(customer.labelIds)]);
    return new Map([
      ...Object.entries(room.context).map(([key, value]): [string, string[]] => [`context.${key}`, inWords(value)]),
      ['message.body', given(entry?.body)],
      ['message.sender', given(entry?.sender?.role ?? entry?.activity?.actor?.role)],
      ['activity.type', given(entry?.activity?.type)],
      ['room.status', [room.status]],
      ['room.priority', [room.priority]],
      ['room.subject', given(room.subject)],
      ['room.label', namesOf(roomLabels)],
      ['room.team', given(room.teamId)],
      ['room.assignee', given(room.assigneeId)],
      ['customer.name', given(customer.name)],
      ['customer.email', given(customer.email)],
      ['customer.label', namesOf(customerLabels)],
      ['business.hours', [openingAt(hours, Date.now()).open ? 'open' : 'closed']],
      ['business.agents', [(await this.businesses.agentsOnline(bot.businessId)) > 0 ? 'online' : 'offline']],
    ]);
  }

  /** What texts may ask for. */
  async values(room: Pick<Room, 'businessId' | 'customerId' | 'subject'>, policy: Policy): Promise<Record<AutoVariable, string | null>> {
    const customer = await this.users.find(room.businessId, room.customerId);
    return {
      'customer.name': customer.name,
      'customer.email': customer.email,
      'business.name': policy.name,
      'business.nextOpening': nextOpening(policy),
      'room.subject': room.subject,
    };
  }
}

/** In the words and by the clocks of the business; null while it is open, and when it never opens. */
const nextOpening = ({ hours, locale }: Pick<Policy, 'hours' | 'locale'>): string | null => {
  const { nextOpenAt } = openingAt(hours, Date.now());
  if (nextOpenAt === null || hours === null) return null;
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  return new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', timeZone: hours.timeZone }).format(nextOpenAt);
};
