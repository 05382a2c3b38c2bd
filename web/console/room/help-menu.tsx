import { ActionIcon, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TONES } from '../../../src/contract/assist.js';
import { Icon } from '../icon.js';
import type { Help } from './help.js';

/** What a text is translated into; each is named in the reader's language. */
const LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'pt', 'nl', 'pl', 'tr', 'ar', 'zh', 'ja'];

interface HelpMenuProps {
  help: Help;
  /** What was written so far. */
  text: string;
  /** Of a reply there are suggestions, of a note none. */
  isNote: boolean;
}

/** What the AI can be asked for while one writes. */
export const HelpMenu = ({ help, text, isNote }: HelpMenuProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const body = text.trim();
  const nameOf = new Intl.DisplayNames(i18n.language, { type: 'language' });
  return (
    <Menu position="top-start" withArrow>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('help')} title={t('help')} loading={help.isBusy}>
          <Icon name="spark" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {!isNote && <Menu.Item onClick={() => void help.ask({ kind: 'suggestion' })}>{t('help.suggestion')}</Menu.Item>}
        <Menu.Item onClick={() => void help.ask({ kind: 'summary' })}>{t('help.summary')}</Menu.Item>
        {body !== '' && (
          <>
            <Menu.Label>{t('help.rewriting')}</Menu.Label>
            {TONES.map((tone) => (
              <Menu.Item key={tone} onClick={() => void help.ask({ kind: 'rewriting', body, tone })}>
                {t(`tone.${tone}`)}
              </Menu.Item>
            ))}
            <Menu.Label>{t('help.translation')}</Menu.Label>
            {LANGUAGES.map((language) => (
              <Menu.Item key={language} onClick={() => void help.ask({ kind: 'translation', body, language })}>
                {nameOf.of(language)}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
};
