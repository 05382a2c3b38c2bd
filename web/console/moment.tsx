import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Writes a moment in the reader's language and by the reader's clock. */
export const useMomentWords = (): ((at: string) => string) => {
  const { language } = useTranslation().i18n;
  return useCallback(
    (at) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at)),
    [language],
  );
};

/** The same, marked as a time. */
export const useMoment = (): ((at: string) => ReactNode) => {
  const wordsOf = useMomentWords();
  return useCallback((at) => <time dateTime={at}>{wordsOf(at)}</time>, [wordsOf]);
};
