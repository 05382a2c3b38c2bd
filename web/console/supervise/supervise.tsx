import './supervise.css';
import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useDesk } from '../desk.js';
import { LoadFault } from '../load-fault.js';
import { VIEWS } from '../inbox/room-lists.js';
import { Page } from '../page.js';
import { AgentItem } from './agent-item.js';
import { RoomItems } from './room-items.js';
import { useStaff } from './staff.js';
import { Loading } from '../loading.js';

const Agents = (): ReactNode => {
  const { t } = useTranslation();
  const { data, error, refetch } = useStaff();
  const [address, setAddress] = useSearchParams();
  const chosen = address.get('agent');
  if (error) return <LoadFault onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <ul className="watched-agents" aria-label={t('supervise.agents')}>
      {data.map((agent) => {
        const isChosen = agent.id === chosen;
        return (
          <AgentItem
            key={agent.id}
            agent={agent}
            isChosen={isChosen}
            onChoose={() => setAddress(isChosen ? {} : { agent: agent.id }, { replace: true })}
          />
        );
      })}
    </ul>
  );
};

/** Who waits, who answers, and how much each of them has in hand. */
const Supervise = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  return (
    <Page title={t('supervise')} intro={t(me.role === 'admin' ? 'supervise.intro' : 'supervise.introAgent')}>
      <div className="watched">
        <section aria-label={t('view.queue')}>
          <Title order={2} size="h5" mb="xs">
            {t('view.queue')}
          </Title>
          <RoomItems title={t('view.queue')} wanted={VIEWS.queue} empty={t('supervise.queueEmpty')} />
        </section>
        <section aria-label={t('supervise.agents')}>
          <Title order={2} size="h5" mb="xs">
            {t('supervise.agents')}
          </Title>
          <Agents />
        </section>
      </div>
    </Page>
  );
};

export default Supervise;
