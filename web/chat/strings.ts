import en from './strings/en.json';

export type Key = keyof typeof en;
type Texts = Record<Key, string>;

/** Another language is another file, and a line here. */
const LANGUAGES: Record<string, () => Promise<{ default: Texts }>> = {
  ar: () => import('./strings/ar.json'),
  de: () => import('./strings/de.json'),
  es: () => import('./strings/es.json'),
  fr: () => import('./strings/fr.json'),
};
const FROM_RIGHT = ['ar'];

/** The words of the pages in one language. */
export interface Words {
  /** A tag for dates and numbers. */
  language: string;
  direction: 'ltr' | 'rtl';
  (key: Key, values?: Record<string, string | number>): string;
}

const wordsOf = (texts: Texts, language: string): Words =>
  Object.assign(
    (key: Key, values: Record<string, string | number> = {}) =>
      texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)),
    { language, direction: FROM_RIGHT.includes(language.split('-')[0] ?? '') ? ('rtl' as const) : ('ltr' as const) },
  );

export const english = wordsOf(en, 'en');

/** The words of the first of these languages that there are; English where there are none, or they cannot be loaded. */
export const loadWords = async (wanted: readonly string[]): Promise<Words> => {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0] ?? '';
    if (base === 'en') return wordsOf(en, tag);
    const load = LANGUAGES[base];
    if (!load) continue;
    try {
      return wordsOf((await load()).default, tag);
    } catch {
      return english;
    }
  }
  return english;
};
