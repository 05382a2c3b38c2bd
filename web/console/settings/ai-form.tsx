import { NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AI_ENGINES, MAX_AI_INSTRUCTIONS, MAX_AI_NAME, MAX_AI_TOKENS } from '../../../src/contract/business.js';
import { AiUsage } from './ai-usage.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { ChoiceField } from './choice-field.js';
import { useDraft } from '../draft.js';
import { Section } from './section.js';
import { SettingsForm } from './settings-form.js';

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const draft = useDraft(business.settings.ai, (ai) => patch({ settings: { ai } }));
  const { value, set, faults } = draft;
  const tokens = (name: 'roomTokens' | 'dayTokens'): ReactNode => (
    <NumberInput
      label={t(`ai.${name}`)}
      description={t(`ai.${name}Hint`)}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=" "
      min={0}
      max={MAX_AI_TOKENS}
      value={value[name] ?? ''}
      error={faults[`settings.ai.${name}`]}
      onChange={(written) => set({ [name]: written === '' ? null : Number(written) })}
    />
  );
  const words = (name: 'baseUrl' | 'model'): ReactNode => (
    <TextInput
      label={t(`ai.${name}`)}
      description={t(`ai.${name}Hint`)}
      maxLength={MAX_AI_NAME}
      value={value[name] ?? ''}
      error={faults[`settings.ai.${name}`]}
      onChange={({ currentTarget }) => set({ [name]: currentTarget.value === '' ? null : currentTarget.value })}
    />
  );
  return (
    <SettingsForm title={t('settings.ai')} intro={t('ai.intro')} draft={draft} after={<AiUsage />}>
      <Switch
        label={t('ai.enabled')}
        description={t('ai.enabledHint')}
        checked={value.enabled}
        onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
      />
      <ChoiceField
        label={t('ai.engine')}
        value={value.engine}
        options={AI_ENGINES.map((engine) => ({ value: engine, label: t(`ai.engine.${engine}`), hint: t(`ai.engineHint.${engine}`) }))}
        error={faults['settings.ai.engine']}
        onChange={(engine) => set({ engine })}
      />
      <Switch
        label={t('ai.help')}
        description={t('ai.helpHint')}
        checked={value.help}
        onChange={({ currentTarget }) => set({ help: currentTarget.checked })}
      />
      {value.engine === 'openai' && (
        <Section title={t('ai.modelTitle')} intro={t('ai.modelIntro')}>
          <Textarea
            label={t('ai.instructions')}
            description={t('ai.instructionsHint')}
            autosize
            minRows={3}
            maxRows={12}
            maxLength={MAX_AI_INSTRUCTIONS}
            dir="auto"
            value={value.instructions ?? ''}
            error={faults['settings.ai.instructions']}
            onChange={({ currentTarget }) => set({ instructions: currentTarget.value === '' ? null : currentTarget.value })}
          />
          {words('baseUrl')}
          {words('model')}
          {tokens('roomTokens')}
          {tokens('dayTokens')}
        </Section>
      )}
    </SettingsForm>
  );
};

/** What answers customers before people do, and what that costs. */
export const AiForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.ai')} form={Form} />;
