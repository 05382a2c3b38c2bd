import { ActionIcon, Box, ScrollArea, Text } from '@mantine/core';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { Availability } from './availability.js';
import { ConnectionBanner } from './connection-banner.js';
import { useDesk } from './desk.js';
import { Inbox } from './inbox/inbox.js';
import { Mentions } from './inbox/mentions.js';
import { useCommands } from './commands.js';
import { Icon } from './icon.js';
import { Loading } from './loading.js';
import { Navigation, useUnread } from './navigation.js';
import { useNotices } from './notices.js';
import { PersonMenu } from './person-menu.js';
import { useStart } from './start/progress.js';

/** What is not needed to answer customers is loaded when somebody goes there. */
const KeySheet = lazy(() => import('./key-sheet.js'));
const Palette = lazy(() => import('./palette.js'));
const Settings = lazy(() => import('./settings/settings.js'));
const StartPage = lazy(() => import('./start/start-page.js'));
const Reports = lazy(() => import('./reports/reports.js'));
const Supervise = lazy(() => import('./supervise/supervise.js'));

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
          <Navigation onGo={() => setNavOpen(false)} />
        </ScrollArea>
        <PersonMenu />
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
