import type { ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { Firings } from './firings.js';
import { EditRule, NewRule } from './rule-page.js';
import { Rules } from './rules.js';

/** What the server does by itself: the rules, each of them, and what became of them. */
export const Automation = (): ReactNode => (
  <Routes>
    <Route index element={<Rules />} />
    <Route path="log" element={<Firings />} />
    <Route path="new" element={<NewRule />} />
    <Route path=":ruleId" element={<EditRule />} />
    <Route path="*" element={<Navigate to="/settings/automation" replace />} />
  </Routes>
);
