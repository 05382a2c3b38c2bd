/** Strings, also those in lists, as ids are compared and stored: in small letters. */
export const lower = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toLowerCase();
  return Array.isArray(value) ? value.map(lower) : value;
};
