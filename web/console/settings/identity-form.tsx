import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { useDraft } from '../draft.js';
import { IdentitySecret } from './identity-secret.js';
import { SettingsForm } from './settings-form.js';

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const { identityRequired } = business.settings;
  const draft = useDraft({ identityRequired }, (settings) => patch({ settings }));
  return (
    <SettingsForm title={t('settings.identity')} intro={t('identity.intro')} draft={draft} after={<IdentitySecret slug={business.slug} />}>
      <Switch
        label={t('identity.required')}
        description={t('identity.requiredHint')}
        checked={draft.value.identityRequired}
        onChange={({ currentTarget }) => draft.set({ identityRequired: currentTarget.checked })}
      />
    </SettingsForm>
  );
};

/** How the site of the business says who its visitors are. */
export const IdentityForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.identity')} form={Form} />;
