import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomOverrides } from '../../../src/contract/room.js';
import { nameOf } from '../desk.js';
import { useAgents } from '../directory.js';
import { useMomentWords } from '../moment.js';

/** What a room does otherwise than its business, and who said so. */
export const Overrides = ({ overrides }: { overrides: RoomOverrides }): ReactNode => {
  const { t } = useTranslation();
  const momentWords = useMomentWords();
  const entries = (Object.keys(overrides) as (keyof RoomOverrides)[]).flatMap((name) => {
    const one = overrides[name];
    return one ? [{ name, ...one }] : [];
  });
  const agents = useAgents(entries.length > 0);
  const named = (id: string): string => {
    const agent = agents.find((one) => one.id === id);
    return agent ? nameOf(agent, t('somebody')) : t('somebody');
  };
  const wordsOf = (name: string, value: string | boolean): string => {
    if (typeof value === 'boolean') return t(value ? 'override.aiOn' : 'override.aiOff');
    if (name === 'pinnedAgentId') return named(value);
    return name === 'routingMode' ? t(`routing.mode.${value}`) : value;
  };
  if (entries.length === 0) return null;
  return (
    <dl className="facts">
      {entries.map(({ name, value, by, at }) => (
        <div key={name}>
          <dt>{t(`override.${name}`)}</dt>
          <dd>
            <bdi>{wordsOf(name, value)}</bdi>
            <br />
            <small>{t('override.by', { name: named(by), time: momentWords(at) })}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
};
