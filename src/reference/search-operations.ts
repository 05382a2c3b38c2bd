import type { OperationsOf } from './operation.js';
import { CURSOR, message, staffRoom } from './examples.js';

/** What goes over all rooms and customers. */
export const SEARCH_OPERATIONS: OperationsOf<'search'> = {
  'search.find': {
    summary: 'Search messages, rooms or customers',
    description:
      'Messages as in one room, of all rooms within reach. Rooms are found by their subject and by what names their customer, customers by name, e-mail address, username and external id: anywhere in it, also a little misspelt, or with one or two characters at the beginning of a word. A page may hold fewer than were asked for, even none, where much of what was found is out of reach; it goes on as long as there is a `nextCursor`.',
    request: { q: 'parcel', in: 'messages' },
    answer: 'SearchPage',
    example: { items: [{ message, room: staffRoom, highlight: 'Hello, where is my <mark>parcel</mark>?' }], nextCursor: CURSOR },
  },
};
