import './settings.css';
import { NavLink } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { useDesk } from '../desk.js';
import { Agents } from './agents.js';
import { Automation } from './automation/automation.js';
import { AiForm } from './ai-form.js';
import { Articles } from './articles.js';
import { AutoRepliesForm } from './auto-replies-form.js';
import { Audit } from './audit/audit.js';
import { BusinessForm } from './business-form.js';
import { CannedReplies } from './canned-replies.js';
import { HoursForm } from './hours-form.js';
import { IdentityForm } from './identity-form.js';
import { InstallPage } from './install-page.js';
import { Labels } from './labels.js';
import { Profile } from './profile.js';
import { sectionsOf, type Section } from './sections.js';
import { Security } from './security.js';
import { Sessions } from './sessions.js';
import { RoutingForm } from './routing-form.js';
import { Teams } from './teams.js';
import { WidgetForm } from './widget-form.js';

const PAGES: Record<Section, () => ReactNode> = {
  profile: Profile,
  security: Security,
  sessions: Sessions,
  business: BusinessForm,
  agents: Agents,
  hours: HoursForm,
  widget: WidgetForm,
  install: InstallPage,
  identity: IdentityForm,
  teams: Teams,
  routing: RoutingForm,
  'auto-replies': AutoRepliesForm,
  'canned-replies': CannedReplies,
  articles: Articles,
  ai: AiForm,
  labels: Labels,
  automation: Automation,
  audit: Audit,
};

/** Where the business, and what is one's own, is set up. */
const Settings = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const { pathname } = useLocation();
  const go = useNavigate();
  const sections = useRef<HTMLElement>(null);
  // On a phone they are a row, of which only some are in sight.
  useEffect(() => {
    // Browsers differ in what it returns.
    sections.current?.querySelector('[data-active]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  const names = sectionsOf(me);
  return (
    <div className="console-panes">
      <nav ref={sections} className="console-sections" aria-label={t('settings')}>
        {names.map((name) => (
          <NavLink
            key={name}
            component="button"
            label={t(`settings.${name}`)}
            active={pathname.split('/')[2] === name}
            onClick={() => void go(`/settings/${name}`)}
          />
        ))}
      </nav>
      <Routes>
        {names.map((name) => {
          const Shown = PAGES[name];
          return <Route key={name} path={`${name}/*`} element={<Shown />} />;
        })}
        <Route path="*" element={<Navigate to={`/settings/${names[0]}`} replace />} />
      </Routes>
    </div>
  );
};

export default Settings;
