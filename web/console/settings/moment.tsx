import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Writes a moment in the reader's language and by the reader's clock. */
export const useMoment = (): ((at: string) => ReactNode) => {
  const { language } = useTranslation().i18n;
  return useCallback(
    (at) => (
      <time dateTime={at}>{new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))}</time>
    ),
    [language],
  );
};
