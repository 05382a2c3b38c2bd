import type { PublicBusiness } from '@parley/client';
import type { Words } from './strings.js';

/** Whether somebody answers now, as visitors read it. */
export const availabilityOf = (
  { availability: { open, agentsOnline, nextOpenAt } }: Pick<PublicBusiness, 'availability'>,
  words: Words,
): string => {
  if (open) return words(agentsOnline > 0 ? 'online' : 'away');
  if (nextOpenAt === null) return words('closed');
  const time = new Intl.DateTimeFormat(words.language, { weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(
    new Date(nextOpenAt),
  );
  return words('closedUntil', { time });
};
