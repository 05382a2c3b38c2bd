import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Business } from '../../../src/contract/business.js';
import { useBusiness, type BusinessPatch } from '../business.js';
import { useDraft } from './draft.js';
import { SettingsForm } from './settings-form.js';

const Form = ({ business, patch }: { business: Business; patch: (change: BusinessPatch) => Promise<unknown> }): ReactNode => {
  const { t } = useTranslation();
  const { name, locale } = business;
  const draft = useDraft({ name, locale }, patch);
  const { value, set, faults } = draft;
  return (
    <SettingsForm title={t('settings.business')} intro={t('business.intro')} draft={draft}>
      <TextInput
        label={t('name')}
        required
        value={value.name}
        error={faults.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <TextInput
        label={t('business.locale')}
        description={t('business.localeHint')}
        required
        value={value.locale}
        error={faults.locale}
        onChange={({ currentTarget }) => set({ locale: currentTarget.value })}
      />
    </SettingsForm>
  );
};

/** What the business is called, and what it speaks. */
export const BusinessForm = (): ReactNode => {
  const { business, patch } = useBusiness();
  return business && <Form business={business} patch={patch} />;
};
