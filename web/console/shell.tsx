import { ActionIcon, Avatar, Badge, Box, Menu, NavLink, ScrollArea, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { UnreadTotals } from '../../src/contract/room.js';
import { PRESENCE_STATUSES, type PresenceStatus } from '../../src/contract/presence.js';
import { ConnectionBanner } from './connection-banner.js';
import { nameOf, useDesk } from './desk.js';
import { Inbox } from './inbox/inbox.js';
import { Mentions } from './inbox/mentions.js';
import { VIEWS, type ViewName } from './inbox/room-lists.js';
import { hasNotices, useDesktopNotices, useNotices, useSound } from './notices.js';
import { useCommands } from './commands.js';
import { Icon } from './icon.js';
import { Loading } from './loading.js';
import { useStart } from './start/progress.js';

/** What is not needed to answer customers is loaded when somebody goes there. */
const KeySheet = lazy(() => import('./key-sheet.js'));
const Palette = lazy(() => import('./palette.js'));
const Settings = lazy(() => import('./settings/settings.js'));
const StartPage = lazy(() => import('./start/start-page.js'));
const Reports = lazy(() => import('./reports/reports.js'));
const Supervise = lazy(() => import('./supervise/supervise.js'));

const COLORS: Record<PresenceStatus, string> = { online: 'green', away: 'yellow', busy: 'red', offline: 'gray' };
/** What a person chooses; `offline` is without a connection. */
const CHOICES = PRESENCE_STATUSES.filter((status) => status !== 'offline');

const Availability = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const [status, setStatus] = useState<PresenceStatus>(me.presence === 'offline' ? 'online' : me.presence);
  useEffect(
    () =>
      parley.connection.on('presence.changed', ({ userId, status: now }) => {
        if (userId === me.id && now !== 'offline') setStatus(now);
      }),
    [parley, me],
  );
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t('availability')}
      value={status}
      color={COLORS[status]}
      autoContrast
      data={CHOICES.map((value) => ({ value, label: t(`presence.${value}`) }))}
      onChange={(value) => {
        setStatus(value);
        parley.connection.try('presence.set', { status: value });
      }}
    />
  );
};

const Person = (): ReactNode => {
  const { t } = useTranslation();
  const { me, leave } = useDesk();
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

/** What waits to be read in one's own rooms. */
const useUnread = (): { data: UnreadTotals | undefined } => {
  const { parley } = useDesk();
  return useQuery({ queryKey: ['unread'], queryFn: () => bodyOf(parley.rest.GET('/api/rooms/unread')) });
};

const MOST_SHOWN = 99;

const Count = ({ title, count, isUnread = false }: { title: string; count: number; isUnread?: boolean }): ReactNode => (
  <Badge variant={isUnread ? 'filled' : 'light'} color={isUnread ? undefined : 'gray'} ml={4} role="img" aria-label={title}>
    {count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}
  </Badge>
);

const Views = ({ onGo }: { onGo: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const { pathname } = useLocation();
  const go = useNavigate();
  const queries = useQueryClient();
  const { data: unread } = useUnread();
  const { data: counts } = useQuery({ queryKey: ['views', 'counts'], queryFn: () => bodyOf(parley.rest.GET('/api/views/counts')) });
  const { isOffered } = useStart();
  const { data: saved } = useQuery({
    queryKey: ['views'],
    queryFn: () => bodyOf(parley.rest.GET('/api/views', { params: { query: { limit: 100 } } })),
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(
        () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === 'unread' || first === 'views' }),
        1_500,
      );
    };
    const ends = [
      parley.connection.on('room.updated', later),
      parley.connection.on('room.created', later),
      parley.connection.on('room.removed', later),
      parley.connection.on('room.marked', ({ userId }) => {
        if (userId === me.id) later();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [parley, me, queries]);
  const link = (path: string, label: string, count = 0, unreadRooms = 0): ReactNode => (
    <NavLink
      key={path}
      component="button"
      label={label}
      active={pathname.startsWith(`/${path}`)}
      rightSection={
        <>
          {unreadRooms > 0 && <Count title={t('unread', { count: unreadRooms })} count={unreadRooms} isUnread />}
          {count > 0 && <Count title={count > MOST_SHOWN ? t('inListMany') : t('inList', { count })} count={count} />}
        </>
      }
      onClick={() => {
        void go(`/${path}`);
        onGo();
      }}
    />
  );
  return (
    <>
      {isOffered && link('start', t('start'))}
      {(Object.keys(VIEWS) as ViewName[]).map((name) =>
        link(name, t(`view.${name}`), name === 'closed' ? undefined : counts?.[name], name === 'mine' ? unread?.rooms : undefined),
      )}
      {link('mentions', t('view.mentions'))}
      {saved && saved.items.length > 0 && (
        <Text size="xs" c="dimmed" px="sm" pt="md">
          {t('savedViews')}
        </Text>
      )}
      {saved?.items.map(({ id, name, count }) => link(`saved/${id}`, name, count))}
      <Box mt="md">
        {link('supervise', t('supervise'))}
        {me.role === 'admin' && link('reports', t('reports'))}
        {link('settings', t('settings'))}
      </Box>
    </>
  );
};

const Waiting = (): ReactNode => (
  <div className="console-empty">
    <Loading />
  </div>
);

/** Where one begins: whoever has just founded a business, by its first steps. */
const Home = (): ReactNode => {
  const { isLoading, isNew } = useStart();
  return isLoading ? <Waiting /> : <Navigate to={isNew ? '/start' : '/mine'} replace />;
};

/** The frame around everything: where to go on the left, what one has gone to beside it. */
export const Shell = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const { pathname } = useLocation();
  const [isNavOpen, setNavOpen] = useState(false);
  const { data: unread } = useUnread();
  useNotices(unread?.rooms ?? 0);
  const [opened, open] = useState<'palette' | 'keys' | null>(null);
  useCommands(open);
  // On a phone a room fills the window.
  const isInRoom = pathname.includes('/rooms/');
  return (
    <div className="console" data-nav={isNavOpen} data-room={isInRoom}>
      <nav className="console-nav" aria-label={t('navigation')}>
        <Text fw={700} size="lg" px="sm" py="xs">
          Parley
        </Text>
        <Box px="xs" pb="xs">
          <Availability />
        </Box>
        <ScrollArea flex={1}>
          <Views onGo={() => setNavOpen(false)} />
        </ScrollArea>
        <Person />
      </nav>
      <main className="console-main">
        <ConnectionBanner
          menu={
            <ActionIcon
              className="console-burger"
              variant="subtle"
              aria-label={t('navigation')}
              aria-expanded={isNavOpen}
              onClick={() => setNavOpen(!isNavOpen)}
            >
              <Icon name="menu" />
            </ActionIcon>
          }
        />
        <Suspense fallback={<Waiting />}>
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/start" element={<StartPage />} />
            <Route path="/mentions/*" element={<Mentions />} />
            <Route path="/saved/:viewId/*" element={<Inbox />} />
            <Route path="/supervise/*" element={<Supervise />} />
            {me.role === 'admin' && <Route path="/reports" element={<Reports />} />}
            <Route path="/settings/*" element={<Settings />} />
            <Route path="/:view/*" element={<Inbox />} />
          </Routes>
        </Suspense>
        <Suspense>
          {opened === 'palette' && <Palette onClose={() => open(null)} />}
          {opened === 'keys' && <KeySheet onClose={() => open(null)} />}
        </Suspense>
      </main>
    </div>
  );
};
