import { Button, Checkbox, ColorInput, Group, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { MAX_CONSENT_TEXT, MAX_WELCOME_TEXT, PRE_CHAT_FIELDS, type PreChat } from '../../../src/contract/business.js';
import { BusinessPage, type BusinessFormProps } from './business-page.js';
import { useDraft } from '../draft.js';
import { Section } from './section.js';
import { SettingsForm } from './settings-form.js';
import { WidgetPreview } from './widget-preview.js';

const SWATCHES = ['#2f5fd0', '#0b7285', '#2b8a3e', '#e8590c', '#c2255c', '#6741d9', '#212529'];

/** Not every address on the way to the one that is typed is asked for its picture. */
const LOGO_AFTER_MS = 500;

/** Nothing is asked where no field is chosen and nothing is to be agreed to. */
const preChatOf = (required: PreChat['required'], consentText: string): PreChat | null =>
  required.length === 0 && consentText === '' ? null : { required, consentText: consentText === '' ? null : consentText };

const Form = ({ business, patch }: BusinessFormProps): ReactNode => {
  const { t } = useTranslation();
  const { theme, welcomeText, preChat } = business;
  const saved = {
    color: theme.color ?? '',
    logoUrl: theme.logoUrl ?? '',
    welcomeText: welcomeText ?? '',
    required: preChat?.required ?? [],
    consentText: preChat?.consentText ?? '',
  };
  const draft = useDraft(saved, ({ color, logoUrl: logo, welcomeText: welcome, required, consentText }) =>
    patch({
      theme: { color: color === '' ? null : color, logoUrl: logo === '' ? null : logo },
      welcomeText: welcome === '' ? null : welcome,
      preChat: preChatOf(required, consentText),
    }),
  );
  const { value, set, faults } = draft;
  const [logoUrl] = useDebouncedValue(value.logoUrl, LOGO_AFTER_MS);
  return (
    <SettingsForm
      title={t('settings.widget')}
      intro={t('widget.intro')}
      draft={draft}
      beside={
        <Section title={t('widget.preview')} intro={t('widget.previewHint')}>
          <WidgetPreview business={business} look={{ ...value, color: value.color === '' ? null : value.color }} />
        </Section>
      }
    >
      <ColorInput
        label={t('color')}
        eyeDropperButtonProps={{ 'aria-label': t('pickColor') }}
        description={t('widget.colorHint')}
        swatches={SWATCHES}
        value={value.color}
        error={faults['theme.color']}
        onChange={(color) => set({ color })}
      />
      <TextInput
        label={t('widget.logo')}
        description={t('widget.logoHint')}
        type="url"
        placeholder="https://…"
        value={value.logoUrl}
        error={faults['theme.logoUrl']}
        onChange={({ currentTarget }) => set({ logoUrl: currentTarget.value })}
      />
      {logoUrl.startsWith('https://') && (
        <img className="logo-preview" src={logoUrl} alt={t('widget.logoPreview')} referrerPolicy="no-referrer" />
      )}
      <Textarea
        label={t('widget.welcome')}
        description={t('widget.welcomeHint')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={MAX_WELCOME_TEXT}
        dir="auto"
        value={value.welcomeText}
        error={faults.welcomeText}
        onChange={({ currentTarget }) => set({ welcomeText: currentTarget.value })}
      />
      <Checkbox.Group
        label={t('widget.asked')}
        description={t('widget.askedHint')}
        value={value.required}
        error={faults['preChat.required']}
        onChange={(chosen) => set({ required: PRE_CHAT_FIELDS.filter((field) => chosen.includes(field)) })}
      >
        <Group mt="xs">
          {PRE_CHAT_FIELDS.map((field) => (
            <Checkbox key={field} value={field} label={t(`widget.asked.${field}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Textarea
        label={t('widget.consent')}
        description={t('widget.consentHint')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={MAX_CONSENT_TEXT}
        dir="auto"
        value={value.consentText}
        error={faults['preChat.consentText']}
        onChange={({ currentTarget }) => set({ consentText: currentTarget.value })}
      />
      <div>
        <Button component={Link} to="/settings/install" variant="light">
          {t('widget.install')}
        </Button>
      </div>
    </SettingsForm>
  );
};

/** How the chat looks to visitors, and what it asks them. */
export const WidgetForm = (): ReactNode => <BusinessPage title={useTranslation().t('settings.widget')} form={Form} />;
