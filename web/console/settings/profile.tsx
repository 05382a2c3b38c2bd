import { Divider, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../desk.js';
import { Page } from '../page.js';
import { BrowserChoices } from './browser-choices.js';
import { EmailForm } from './email-form.js';
import { PasswordForm } from './password-form.js';
import { PersonForm } from './person-form.js';

const Section = ({ title, children }: { title: string; children: ReactNode }): ReactNode => (
  <section aria-label={title}>
    <Title order={2} size="h4" mb="sm">
      {title}
    </Title>
    {children}
  </section>
);

/** What is one's own: the person, the ways in, and what this browser does. */
export const Profile = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  return (
    <Page title={t('settings.profile')} intro={t('profile.intro')}>
      <Stack gap="xl">
        <Section title={t('profile.person')}>
          <PersonForm />
        </Section>
        <Divider />
        <Section title={t('profile.email')}>
          <EmailForm key={me.email} />
        </Section>
        <Divider />
        <Section title={t('profile.password')}>
          <PasswordForm />
        </Section>
        <Divider />
        <Section title={t('profile.browser')}>
          <BrowserChoices />
        </Section>
      </Stack>
    </Page>
  );
};
