import { Switch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_BUSINESS_NAME, MAX_EDIT_WINDOW_SECONDS } from '../../../src/contract/business.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { useDraft } from '../draft.js';
import { DurationField } from './duration-field.js';
import { SettingsForm } from './settings-form.js';

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const { name, locale, settings } = business;
  const { multipleRooms, editWindowSeconds } = settings;
  const saved = { name, locale, multipleRooms, editWindowSeconds: editWindowSeconds as number | null };
  const draft = useDraft(saved, ({ editWindowSeconds: seconds, multipleRooms: hasSeveral, ...written }) =>
    // That there must be one, the API says.
    patch({ ...written, settings: { multipleRooms: hasSeveral, editWindowSeconds: seconds as number } }),
  );
  const { value, set, faults } = draft;
  return (
    <SettingsForm title={t('settings.business')} intro={t('business.intro')} draft={draft}>
      <TextInput
        label={t('name')}
        required
        maxLength={MAX_BUSINESS_NAME}
        dir="auto"
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
      <Switch
        label={t('business.multipleRooms')}
        description={t('business.multipleRoomsHint')}
        checked={value.multipleRooms}
        onChange={({ currentTarget }) => set({ multipleRooms: currentTarget.checked })}
      />
      <DurationField
        label={t('business.editWindow')}
        description={t('business.editWindowHint')}
        seconds={value.editWindowSeconds}
        max={MAX_EDIT_WINDOW_SECONDS}
        error={faults['settings.editWindowSeconds']}
        onChange={(seconds) => set({ editWindowSeconds: seconds })}
      />
    </SettingsForm>
  );
};

/** What the business is called and speaks, and what holds for all its conversations. */
export const BusinessForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.business')} form={Form} />;
