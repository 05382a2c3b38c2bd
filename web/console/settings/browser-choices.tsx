import { SegmentedControl, Select, Stack, Switch, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hasNotices, useDesktopNotices, useSound } from '../notices.js';
import { chooseLanguage, chosenLanguage, LANGUAGE_TAGS } from '../words.js';

const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];

/** What the browser decides, as a value of a select. */
const AUTO = 'auto';

/** What a language calls itself. */
const nameOf = (tag: string): string => new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;

/** What is kept in this browser and nowhere else. It counts at once. */
export const BrowserChoices = (): ReactNode => {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const sound = useSound();
  const desktop = useDesktopNotices();
  const [language, setLanguage] = useState(chosenLanguage() ?? AUTO);
  return (
    <Stack maw={640}>
      <Text size="sm" c="dimmed">
        {t('profile.browserHint')}
      </Text>
      <Stack gap={4} align="flex-start">
        <Text size="sm" fw={500}>
          {t('profile.scheme')}
        </Text>
        <SegmentedControl
          aria-label={t('profile.scheme')}
          value={colorScheme}
          data={SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
          onChange={setColorScheme}
        />
      </Stack>
      <Select
        label={t('profile.language')}
        maw={320}
        allowDeselect={false}
        value={language}
        data={[{ value: AUTO, label: t('profile.languageAuto') }, ...LANGUAGE_TAGS.map((value) => ({ value, label: nameOf(value) }))]}
        onChange={(value) => {
          setLanguage(value ?? AUTO);
          void chooseLanguage(value === AUTO ? null : value);
        }}
      />
      <Switch
        label={t('profile.sound')}
        description={t('profile.soundHint')}
        checked={sound.isOn}
        onChange={({ currentTarget }) => sound.set(currentTarget.checked)}
      />
      <Switch
        label={t('profile.notices')}
        description={t(hasNotices ? 'profile.noticesHint' : 'profile.noticesNone')}
        disabled={!hasNotices}
        checked={desktop.isOn}
        onChange={({ currentTarget }) => desktop.set(currentTarget.checked)}
      />
    </Stack>
  );
};
