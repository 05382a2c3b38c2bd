import type { OperationsOf } from './operation.js';
import { CURSOR, label, savedView } from './examples.js';

/** What staff sort their rooms by. */
export const INBOX_OPERATIONS: OperationsOf<'label' | 'view'> = {
  'label.list': {
    summary: 'List the labels',
    description: 'In the order they were made.',
    answer: 'LabelPage',
    example: { items: [label], nextCursor: CURSOR },
  },
  'label.get': {
    summary: 'Show a label',
    description: 'With its colour.',
    errors: ['label.not_found'],
    answer: 'Label',
    example: label,
  },
  'label.create': {
    summary: 'Make a label',
    description: 'Staff then put it on rooms and customers by its name. A business has up to 1,000.',
    errors: ['label.name_taken', 'label.limit_reached'],
    request: { name: 'VIP', color: '#d4af37' },
    answer: 'Label',
    example: label,
  },
  'label.update': {
    summary: 'Change a label',
    description: 'Changes what is named and leaves the rest. A new name shows at once on everything that wears the label.',
    errors: ['label.not_found', 'label.name_taken'],
    request: { color: '#d4af37' },
    answer: 'Label',
    example: label,
  },
  'label.delete': {
    summary: 'Delete a label',
    description: 'It is on no room and no customer any more.',
    errors: ['label.not_found'],
    answer: null,
  },
  'view.list': {
    summary: 'List the saved views',
    description:
      'The own ones and those of all staff, in the order they were made, each with how many rooms it shows the reader, up to 100.',
    answer: 'SavedViewPage',
    example: { items: [savedView], nextCursor: CURSOR },
  },
  'view.count': {
    summary: 'Count the rooms of the lists that everybody has',
    description: 'What is assigned to the reader, what to nobody, what of that waits, and all that is not closed; each up to 100.',
    answer: 'ViewCounts',
    example: { mine: 3, unassigned: 5, queue: 2, all: 17 },
  },
  'view.get': {
    summary: 'Show a saved view',
    description: 'One of somebody else is answered like none.',
    errors: ['view.not_found'],
    answer: 'SavedView',
    example: savedView,
  },
  'view.create': {
    summary: 'Save a view',
    description:
      'Keeps a filter and an order of the list of rooms under a name, for oneself or, by an admin, for all staff; `me` is then whoever reads it. Up to 100 of each. The label is kept also under a new name.',
    errors: ['access.denied', 'label.not_found', 'team.not_found', 'user.not_found', 'view.limit_reached'],
    request: { name: 'Urgent', filter: { status: 'open,pending', priority: 'urgent' }, sort: 'waiting' },
    answer: 'SavedView',
    example: savedView,
  },
  'view.update': {
    summary: 'Change a saved view',
    description: 'Changes what is named and leaves the rest; a filter is replaced as a whole. Those of all staff are changed by admins.',
    errors: ['view.not_found', 'access.denied', 'label.not_found', 'team.not_found', 'user.not_found', 'view.limit_reached'],
    request: { name: 'Urgent' },
    answer: 'SavedView',
    example: savedView,
  },
  'view.delete': {
    summary: 'Delete a saved view',
    description: 'The rooms stay as they are.',
    errors: ['view.not_found', 'access.denied'],
    answer: null,
  },
};
