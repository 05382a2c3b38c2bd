import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AUTO_VARIABLES } from '../../../src/contract/automation.js';
import { MAX_AUTO_MINUTES, MAX_AUTO_TEXT, type AutoReplySettings } from '../../../src/contract/business.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { useDraft } from '../draft.js';
import { DurationField } from './duration-field.js';
import { Section } from './section.js';
import { SettingsForm } from './settings-form.js';
import { TemplateField } from './template-field.js';
import { useSamples } from './samples.js';

type Texts = 'welcome' | 'away' | 'afterHours' | 'idle';
type Minutes = Exclude<keyof AutoReplySettings, Texts>;

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const samples = useSamples(AUTO_VARIABLES, business.name);
  const draft = useDraft(business.settings.autoReplies, (autoReplies) => patch({ settings: { autoReplies } }));
  const { value, set, faults } = draft;
  const text = (name: Texts): ReactNode => (
    <TemplateField
      label={t(`autoReplies.${name}`)}
      description={t(`autoReplies.${name}Hint`)}
      maxLength={MAX_AUTO_TEXT}
      value={value[name] ?? ''}
      samples={samples}
      error={faults[`settings.autoReplies.${name}`]}
      onChange={(written) => set({ [name]: written === '' ? null : written })}
    />
  );
  const minutes = (name: Minutes): ReactNode => (
    <DurationField
      label={t(`autoReplies.${name}`)}
      description={t(`autoReplies.${name}Hint`)}
      smallest="minute"
      seconds={value[name] === null ? null : value[name] * 60}
      min={1}
      max={MAX_AUTO_MINUTES * 60}
      error={faults[`settings.autoReplies.${name}`]}
      onChange={(seconds) => set({ [name]: seconds === null ? null : seconds / 60 })}
    />
  );
  return (
    <SettingsForm title={t('settings.auto-replies')} intro={t('autoReplies.intro')} draft={draft}>
      <Section title={t('autoReplies.said')} intro={t('autoReplies.saidHint')}>
        {text('welcome')}
        {text('away')}
        {text('afterHours')}
      </Section>
      <Section title={t('autoReplies.quiet')} intro={t('autoReplies.quietHint')}>
        {minutes('idleMinutes')}
        {text('idle')}
        {minutes('idleCloseMinutes')}
      </Section>
      <Section title={t('autoReplies.unanswered')} intro={t('autoReplies.unansweredHint')}>
        {minutes('remindMinutes')}
        {minutes('mailMinutes')}
      </Section>
    </SettingsForm>
  );
};

/** What the server says and does by itself. */
export const AutoRepliesForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.auto-replies')} form={Form} />;
