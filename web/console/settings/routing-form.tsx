import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AGENT_SCOPES, MAX_GIVE_BACK_SECONDS, ROUTING_MODES } from '../../../src/contract/business.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { ChoiceField } from './choice-field.js';
import { useDraft } from '../draft.js';
import { DurationField } from './duration-field.js';
import { SettingsForm } from './settings-form.js';

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const { agentScope, routing } = business.settings;
  const draft = useDraft({ agentScope, ...routing }, ({ agentScope: scope, ...how }) =>
    patch({ settings: { agentScope: scope, routing: how } }),
  );
  const { value, set, faults } = draft;
  return (
    <SettingsForm title={t('settings.routing')} intro={t('routing.intro')} draft={draft}>
      <ChoiceField
        label={t('routing.scope')}
        description={t('routing.scopeHint')}
        value={value.agentScope}
        options={AGENT_SCOPES.map((scope) => ({ value: scope, label: t(`routing.scope.${scope}`), hint: t(`routing.scopeHint.${scope}`) }))}
        error={faults['settings.agentScope']}
        onChange={(scope) => set({ agentScope: scope })}
      />
      <ChoiceField
        label={t('routing.mode')}
        value={value.mode}
        options={ROUTING_MODES.map((mode) => ({ value: mode, label: t(`routing.mode.${mode}`), hint: t(`routing.modeHint.${mode}`) }))}
        error={faults['settings.routing.mode']}
        onChange={(mode) => set({ mode })}
      />
      <Switch
        label={t('routing.lastAgentFirst')}
        description={t('routing.lastAgentFirstHint')}
        disabled={value.mode !== 'auto'}
        checked={value.lastAgentFirst}
        onChange={({ currentTarget }) => set({ lastAgentFirst: currentTarget.checked })}
      />
      <DurationField
        label={t('routing.giveBack')}
        description={t('routing.giveBackHint')}
        seconds={value.giveBackAfterSeconds}
        max={MAX_GIVE_BACK_SECONDS}
        error={faults['settings.routing.giveBackAfterSeconds']}
        onChange={(seconds) => set({ giveBackAfterSeconds: seconds })}
      />
    </SettingsForm>
  );
};

/** Who sees which conversations, and how they come to agents. */
export const RoutingForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.routing')} form={Form} />;
