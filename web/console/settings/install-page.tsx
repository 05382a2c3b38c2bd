import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../page.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { EmbedCodes } from './embed-codes.js';
import { OriginsField } from './origins-field.js';
import { Section } from './section.js';

const Install = (props: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Page title={t('settings.install')} intro={t('install.intro')}>
      <Stack maw={720}>
        <Section title={t('install.origins')} intro={t('install.originsHint')}>
          <OriginsField {...props} />
        </Section>
        <Section title={t('install.codes')}>
          <EmbedCodes slug={props.business.slug} />
        </Section>
      </Stack>
    </Page>
  );
};

/** How the chat comes to a site, and to which sites it may come. */
export const InstallPage = (): ReactNode => <BusinessPage title={useTranslation().t('settings.install')} form={Install} />;
