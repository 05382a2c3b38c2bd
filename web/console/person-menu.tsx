import { Avatar, Menu, NavLink, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { nameOf, useDesk } from './desk.js';
import { hasNotices, useDesktopNotices, useSound } from './notices.js';

/** Who one is, and how one likes it. */
export const PersonMenu = (): ReactNode => {
  const { t } = useTranslation();
  const { me, leave } = useDesk();
  const go = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const sound = useSound();
  const desktop = useDesktopNotices();
  const name = nameOf(me, t('somebody'));
  return (
    <Menu position="top-start" withArrow>
      <Menu.Target>
        <NavLink component="button" label={name} description={me.email} leftSection={<Avatar size="sm" name={name} src={me.avatarUrl} />} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void go('/settings/profile')}>{t('settings.profile')}</Menu.Item>
        <Menu.Divider />
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item key={scheme} disabled={colorScheme === scheme} onClick={() => setColorScheme(scheme)}>
            {t(`scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => sound.set(!sound.isOn)}>{t(sound.isOn ? 'soundOff' : 'soundOn')}</Menu.Item>
        {hasNotices && <Menu.Item onClick={() => desktop.set(!desktop.isOn)}>{t(desktop.isOn ? 'noticesOff' : 'noticesOn')}</Menu.Item>}
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
