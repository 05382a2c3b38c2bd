const known = new Map<string, unknown>();

/** Kept, since to make one costs more than to use it a hundred times. */
const kept = <Format>(name: string, language: string, make: () => Format): Format => {
  const key = `${name} ${language}`;
  const found = (known.get(key) as Format | undefined) ?? make();
  known.set(key, found);
  return found;
};

/** Hours and minutes. */
export const timeOf = (at: string, language: string): string =>
  kept('time', language, () => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })).format(new Date(at));

export const dayOf = (at: string, language: string): string =>
  kept('day', language, () => new Intl.DateTimeFormat(language, { dateStyle: 'full' })).format(new Date(at));

/** `size` is in bytes; no file is shown as nothing. */
export const kilobytes = (size: number, language: string): string =>
  kept('size', language, () => new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })).format(
    Math.max(1, size / 1_024),
  );

const LONG = 80;

/** The beginning of a text, to name something by it. */
export const shortened = (text: string): string => {
  const letters = [...text];
  return letters.length > LONG ? `${letters.slice(0, LONG).join('').trimEnd()} …` : text;
};
