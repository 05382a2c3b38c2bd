/** `{{name}}` or `{{name|what to say when nothing is known}}`. Braces do not nest. */
export const PLACE = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;

/**
 * Fills a text in; null where nothing is known. Each place is looked at once: what is put in stands there as it is, whatever is
 * in it, and nothing of it is ever evaluated.
 */
export const render = <Variable extends string>(text: string, values: Record<Variable, string | null>): string =>
  text.replace(PLACE, (place: string, name: string, fallback?: string) => {
    const variable = name.trim();
    if (!Object.hasOwn(values, variable)) return place;
    const value = values[variable as Variable]?.trim() ?? '';
    return value === '' ? (fallback ?? '').trim() : value;
  });
