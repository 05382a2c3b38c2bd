import { Button, Group, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_ORIGINS } from '../../../src/contract/business.js';
import { useAsk } from '../ask.js';
import type { BusinessFormProps } from './business-page.js';
import { useDraft } from '../draft.js';
import { RemovableList } from './removable-list.js';

/** The site of an address that was copied whole; anything else as it was written, for the API to judge. */
const originOf = (written: string): string => (/^https?:\/\//.test(written) && URL.canParse(written) ? new URL(written).origin : written);

/** The sites on which the chat may stand. Each is saved as it is added or taken off. */
export const OriginsField = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const ask = useAsk();
  const { allowedOrigins } = business.settings;
  const keep = (origins: string[]): Promise<unknown> => patch({ settings: { allowedOrigins: origins } });
  const draft = useDraft({ origin: '' }, ({ origin }) => keep([...new Set([...allowedOrigins, originOf(origin.trim())])]));
  const [isBusy, setBusy] = useState(false);
  const add = async (): Promise<void> => {
    if (await draft.save()) draft.set({ origin: '' });
  };
  const remove = async (origin: string): Promise<void> => {
    setBusy(true);
    await ask(() => keep(allowedOrigins.filter((one) => one !== origin)));
    setBusy(false);
  };
  return (
    <>
      <form
        noValidate
        aria-label={t('install.addOrigin')}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            miw={220}
            type="url"
            label={t('install.origin')}
            placeholder="https://www.shop.example"
            value={draft.value.origin}
            error={draft.faults['settings.allowedOrigins']}
            onChange={({ currentTarget }) => draft.set({ origin: currentTarget.value })}
          />
          <Button type="submit" loading={draft.isBusy} disabled={draft.value.origin.trim() === '' || allowedOrigins.length >= MAX_ORIGINS}>
            {t('install.addOrigin')}
          </Button>
        </Group>
      </form>
      <RemovableList
        label={t('install.origins')}
        items={allowedOrigins}
        empty={t('install.noOrigins')}
        isBusy={isBusy}
        onRemove={(origin) => void remove(origin)}
      />
    </>
  );
};
