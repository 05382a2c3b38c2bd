import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './strings/en.json';

/** Another language is another file, and a line here. */
const LANGUAGES: Record<string, () => Promise<{ default: Record<string, string> }>> = {
  de: () => import('./strings/de.json'),
};

/** The first of these languages that there is, English where there is none. */
export const loadWords = async (wanted: readonly string[]): Promise<i18n> => {
  const resources: Record<string, { translation: Record<string, string> }> = { en: { translation: en } };
  const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
  const tag = wanted.find((one) => baseOf(one) === 'en' || baseOf(one) in LANGUAGES) ?? 'en';
  const load = LANGUAGES[baseOf(tag)];
  if (load) resources[baseOf(tag)] = { translation: (await load()).default };
  // The whole tag, after which times are written.
  const options = { lng: tag, fallbackLng: 'en', keySeparator: false, resources, interpolation: { escapeValue: false } } as const;
  await i18next.use(initReactI18next).init(options);
  document.documentElement.lang = tag;
  return i18next;
};
