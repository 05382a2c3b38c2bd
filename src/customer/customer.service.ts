import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { ContactService } from '../business/contact.service.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import type { CustomerExport, ExportedCustomer, ExportedRoom } from '../contract/customer-export.js';
import { MAX_LIMIT, type Page } from '../contract/page.js';
import type { Room } from '../contract/room.js';
import { AppError } from '../error/app-error.js';
import { EventBus } from '../event/event-bus.js';
import { RoomListService } from '../inbox/room-list.service.js';
import { EntryPresenter } from '../room/entry.presenter.js';
import { RoomPresenter } from '../room/room.presenter.js';
import { RoomService } from '../room/room.service.js';
import { EntryReader } from '../stream/entry.reader.js';
import type { PageQuery } from '../validation/page-query.js';

const toExported = (user: User): ExportedCustomer => ({
  ...toPublicUser(user),
  email: user.email,
  username: user.username,
  createdAt: user.createdAt.toISOString(),
});

/** An object in JSON up to its last field, whose list follows piece by piece. */
const upTo = <Whole>(fields: { [Name in keyof Whole]?: Whole[Name] }, list: keyof Whole & string): string =>
  `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(list)}:[`;

/** What staff do with a customer as a whole: with its rooms and all that was said in them. */
@Injectable()
export class CustomerService {
  constructor(
    private readonly contacts: ContactService,
    private readonly users: UserService,
    private readonly finder: RoomService,
    private readonly list: RoomListService,
    private readonly views: RoomPresenter,
    private readonly reader: EntryReader,
    private readonly entries: EntryPresenter,
    private readonly audit: AuditService,
    private readonly events: EventBus,
  ) {}

  /** Those of its rooms that the actor reaches. @throws AppError `user.not_found`. */
  async rooms(actor: Actor, id: string, query: PageQuery): Promise<Page<Room>> {
    await this.contacts.find(actor, id);
    return this.list.list(actor, { ...query, customerId: id });
  }

  /** As if it erased itself. @throws AppError `user.not_found`, also when that was done before. */
  async erase(actor: Actor, id: string): Promise<void> {
    await this.contacts.find(actor, id);
    if (!(await this.users.erase(actor, id))) throw new AppError('user.not_found');
  }

  /**
   * A `CustomerExport` in pieces of JSON, read while they are sent, so that one of any length takes the memory of a page. It
   * is made for the customer: what its own views hold, of the rooms that the actor reaches. @throws AppError `user.not_found`.
   */
  async export(actor: Actor, id: string): Promise<AsyncIterable<string>> {
    const customer = await this.events.transaction(async (tx) => {
      const found = await this.contacts.find(actor, id, tx);
      await this.audit.note(tx, actor.businessId, actor, [{ action: 'customer.exported', targetType: 'user', targetId: id }]);
      return found;
    });
    return this.pieces(actor, customer);
  }

  private async *pieces(actor: Actor, customer: User): AsyncIterable<string> {
    yield upTo<CustomerExport>({ customer: toExported(customer) }, 'rooms');
    let separator = '';
    for (const roomId of await this.finder.idsOf(actor, customer.id)) {
      yield separator;
      yield* this.room(roomId);
      separator = ',';
    }
    yield ']}\n';
  }

  private async *room(roomId: string): AsyncIterable<string> {
    const [view] = await this.views.forEvents([roomId]);
    if (!view) return;
    yield upTo<ExportedRoom>({ room: view.customer }, 'entries');
    for (let after = 0, hasMore = true; hasMore;) {
      const page = await this.reader.page(roomId, 'public', { after, limit: MAX_LIMIT });
      const messages = await this.entries.present(page.entries);
      yield messages.map((message) => (message.seq === 1 ? '' : ',') + JSON.stringify(message)).join('');
      after = messages.at(-1)?.seq ?? after;
      hasMore = page.hasMore;
    }
    yield ']}';
  }
}
