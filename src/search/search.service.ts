import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { ContactService } from '../business/contact.service.js';
import type { SearchPage } from '../contract/search.js';
import { RoomListService } from '../inbox/room-list.service.js';
import { MessageSearchService } from './message-search.service.js';
import { highlightBest } from './similar-text.js';
import type { SearchDto } from './search.dto.js';

/** One question to everything that staff look for. */
@Injectable()
export class SearchService {
  constructor(
    private readonly messages: MessageSearchService,
    private readonly rooms: RoomListService,
    private readonly contacts: ContactService,
  ) {}

  async find(actor: Actor, { in: place = 'messages', ...query }: SearchDto): Promise<SearchPage> {
    if (place === 'messages') return this.messages.everywhere(actor, query);
    if (place === 'customers') {
      const page = await this.contacts.list(actor, query);
      const items = page.items.map((customer) => {
        const { name, email, username, externalId } = customer;
        return { customer, highlight: highlightBest(query.q, [name, email, username, externalId]) };
      });
      return { ...page, items };
    }
    const page = await this.rooms.list(actor, query);
    const items = page.items.map((room) => {
      const { name } = room.customer;
      const known = 'email' in room.customer ? [room.customer.email, room.customer.username, room.customer.externalId] : [];
      return { room, highlight: highlightBest(query.q, [room.subject, name, ...known]) };
    });
    return { ...page, items };
  }
}
