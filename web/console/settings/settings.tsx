import { NavLink } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { useDesk } from '../desk.js';
import { Audit } from './audit/audit.js';
import { BusinessForm } from './business-form.js';
import { Labels } from './labels.js';

/** The pages of everybody, and those of admins. */
const OWN = {} as const satisfies Record<string, () => ReactNode>;
const ADMIN = {
  business: BusinessForm,
  labels: Labels,
  audit: Audit,
} as const satisfies Record<string, () => ReactNode>;

/** Where the business, and what is one's own, is set up. */
const Settings = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const { pathname } = useLocation();
  const go = useNavigate();
  const pages: Record<string, () => ReactNode> = me.role === 'admin' ? { ...ADMIN, ...OWN } : OWN;
  const names = Object.keys(pages);
  return (
    <div className="console-panes">
      <nav className="console-sections" aria-label={t('settings')}>
        {names.map((name) => (
          <NavLink
            key={name}
            component="button"
            label={t(`settings.${name}`)}
            active={pathname === `/settings/${name}`}
            onClick={() => void go(`/settings/${name}`)}
          />
        ))}
      </nav>
      <Routes>
        {Object.entries(pages).map(([name, Page]) => (
          <Route key={name} path={name} element={<Page />} />
        ))}
        <Route path="*" element={<Navigate to={`/settings/${names[0]}`} replace />} />
      </Routes>
    </div>
  );
};

export default Settings;
