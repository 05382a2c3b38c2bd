import type { OperationsOf } from './operation.js';
import { CURSOR, label } from './examples.js';

/** What staff sort their rooms by. */
export const INBOX_OPERATIONS: OperationsOf<'label'> = {
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
};
