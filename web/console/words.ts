import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './strings/en.json';

type Strings = Record<string, string>;

/** Another language is another file, and a line here. */
const LANGUAGES: Record<string, () => Promise<{ default: Strings }>> = {
  en: () => Promise.resolve({ default: en }),
  de: () => import('./strings/de.json'),
};
export const LANGUAGE_TAGS: readonly string[] = Object.keys(LANGUAGES);

/** Where this browser keeps which language its reader has chosen. */
const CHOICE = 'parley console language';

const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** What the reader has chosen here; null follows the browser. */
export const chosenLanguage = (): string | null => localStorage.getItem(CHOICE);

/** Speaks the reader's choice, else the first of the browser's languages that there is, else English. */
const speak = async (): Promise<void> => {
  const wanted = [chosenLanguage() ?? [], navigator.languages].flat();
  const tag = wanted.find((one) => baseOf(one) in LANGUAGES) ?? 'en';
  const load = LANGUAGES[baseOf(tag)];
  if (load) i18next.addResourceBundle(baseOf(tag), 'translation', (await load()).default);
  // The whole tag, after which times are written.
  await i18next.changeLanguage(tag);
  document.documentElement.lang = tag;
};

export const chooseLanguage = (tag: string | null): Promise<void> => {
  if (tag === null) localStorage.removeItem(CHOICE);
  else localStorage.setItem(CHOICE, tag);
  return speak();
};

export const loadWords = async (): Promise<i18n> => {
  const options = { lng: 'en', fallbackLng: 'en', keySeparator: false, resources: {}, interpolation: { escapeValue: false } } as const;
  await i18next.use(initReactI18next).init(options);
  i18next.addResourceBundle('en', 'translation', en);
  await speak();
  return i18next;
};
