import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../../src/contract/audit.js';
import { nameOf } from '../../desk.js';
import { useAgents, useTeams } from '../../directory.js';

/** Values of these have words of their own; all others are somebody's text, or an id. */
const TOLD = ['method', 'by', 'role', 'format'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isMove = (value: unknown): value is { from: unknown; to: unknown } => isObject(value) && 'from' in value && 'to' in value;

/** People and teams by their ids, as far as they are there. */
export const useNames = (): ReadonlyMap<string, string> => {
  const { t } = useTranslation();
  const [agents, teams] = [useAgents(true), useTeams(true)];
  return new Map([
    ...agents.map((agent): [string, string] => [agent.id, nameOf(agent, t('somebody'))]),
    ...teams.map(({ id, name }): [string, string] => [id, name]),
  ]);
};

/** What more an entry says, a line for each fact. */
export const useDetails = (names: ReadonlyMap<string, string>): ((entry: AuditEntry) => string[]) => {
  const { t } = useTranslation();
  const write = (key: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return '–';
    if (Array.isArray(value)) return value.length === 0 ? '–' : value.map((one) => write(key, one)).join(', ');
    if (typeof value !== 'string') return JSON.stringify(value);
    return TOLD.includes(key) ? t(`audit.value.${value}`, value) : (names.get(value) ?? value);
  };
  const line = (key: string, value: unknown): string => {
    const label = t(`audit.detail.${key}`, key);
    return isMove(value) ? `${label}: ${write(key, value.from)} → ${write(key, value.to)}` : `${label}: ${write(key, value)}`;
  };
  return ({ details }) => {
    const { from, to, changed, ...others } = details;
    const lines = Object.entries(others).map(([key, value]) => line(key, value));
    if (isObject(changed)) lines.push(...Object.entries(changed).map(([key, value]) => line(key, value)));
    if (isObject(from) && isObject(to)) {
      for (const key of Object.keys(to)) if (from[key] !== to[key]) lines.push(line(key, { from: from[key], to: to[key] }));
    }
    return lines;
  };
};
