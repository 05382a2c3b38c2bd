import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyBlock } from './copy-block.js';

/** One line for a page. */
export const embedCode = (slug: string): string => `<script async src="${location.origin}/widget.js" data-business="${slug}"></script>`;

/** For pages that say more to the chat, also before it is loaded. */
const scriptCode = (slug: string): string => `<script>
  window.Parley = function () {
    (Parley.q = Parley.q || []).push(arguments);
  };
  Parley('boot', { business: '${slug}' });
</script>
<script async src="${location.origin}/widget.js"></script>`;

/** Where the guest page of a business is. */
export const guestLink = (slug: string): string => `${location.origin}/chat/${slug}`;

/** Everything by which the chat comes to visitors. */
export const EmbedCodes = ({ slug }: { slug: string }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Stack>
      <CopyBlock label={t('install.line')} hint={t('install.lineHint')} text={embedCode(slug)} />
      <CopyBlock label={t('install.script')} hint={t('install.scriptHint')} text={scriptCode(slug)} />
      <CopyBlock label={t('install.link')} hint={t('install.linkHint')} text={guestLink(slug)} />
    </Stack>
  );
};
