import { Avatar, Group, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { MAX_NAME_LENGTH, MAX_USERNAME_LENGTH, type AgentMe } from '../../../src/contract/user.js';
import { useDesk } from '../desk.js';
import { useDraft } from '../draft.js';
import { DraftForm } from './settings-form.js';

/** An empty field takes away what was there. */
const given = (text: string): string | null => (text.trim() === '' ? null : text);

/** How colleagues and customers see one. */
export const PersonForm = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me, setMe } = useDesk();
  const saved = { name: me.name ?? '', username: me.username ?? '', avatarUrl: me.avatarUrl ?? '' };
  const draft = useDraft(saved, async ({ name, username, avatarUrl }) => {
    const body = { name, username: given(username), avatarUrl: given(avatarUrl) };
    setMe((await bodyOf(parley.rest.PATCH('/api/auth/me', { body }))) as AgentMe);
  });
  const { value, set, faults } = draft;
  return (
    <DraftForm title={t('profile.person')} draft={draft}>
      <TextInput
        label={t('name')}
        description={t('profile.nameHint')}
        autoComplete="name"
        required
        maxLength={MAX_NAME_LENGTH}
        value={value.name}
        error={faults.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <TextInput
        label={t('profile.username')}
        description={t('profile.usernameHint')}
        maxLength={MAX_USERNAME_LENGTH}
        value={value.username}
        error={faults.username}
        onChange={({ currentTarget }) => set({ username: currentTarget.value })}
      />
      <Group align="flex-end" wrap="nowrap">
        {/* As it is saved: what is half written is asked of nobody. */}
        <Avatar src={me.avatarUrl} name={value.name} />
        <TextInput
          flex={1}
          label={t('profile.avatar')}
          description={t('profile.avatarHint')}
          type="url"
          value={value.avatarUrl}
          error={faults.avatarUrl}
          onChange={({ currentTarget }) => set({ avatarUrl: currentTarget.value })}
        />
      </Group>
    </DraftForm>
  );
};
