import { Badge, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import type { RoutingDecision } from '../../../src/contract/routing.js';
import { nameOf, useDesk } from '../desk.js';
import { useMoment } from '../moment.js';
import { usePages } from '../pages.js';
import { Dialog } from '../dialog.js';
import { LoadFault } from '../load-fault.js';
import { Loading } from '../loading.js';

const LIMIT = 20;

const Decision = ({ decision: { at, agent, reason, candidates } }: { decision: RoutingDecision }): ReactNode => {
  const { t } = useTranslation();
  const moment = useMoment();
  const name = agent ? nameOf(agent, t('somebody')) : '';
  const others = candidates.filter(({ verdict }) => verdict !== 'chosen');
  return (
    <li>
      <Text size="xs" c="dimmed">
        {moment(at)}
      </Text>
      <Text fw={600} dir="auto">
        {reason === null ? t('routing.waits') : t(`routing.reason.${reason}`, { name })}
      </Text>
      {candidates.length === 0 && <Text size="sm">{t('routing.nobody')}</Text>}
      {others.length > 0 && (
        <ul>
          {others.map((candidate) => (
            <li key={candidate.agent.id}>
              <Text component="span" size="sm" dir="auto">
                {t(`routing.verdict.${candidate.verdict}`, { name: nameOf(candidate.agent, t('somebody')) })}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
};

/** Why a room is with whom it is, or with nobody: what the server decided about it, and what it saw. */
const RoutingDialog = ({ room, onClose }: { room: StaffRoom; onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const path = { roomId: room.id };
  const pages = usePages(['routing', room.id], (query) => bodyOf(rest.GET('/api/rooms/{roomId}/routing', { params: { path, query } })), {
    limit: LIMIT,
    isFresh: true,
  });
  const { items: decisions, error, isPending } = pages;
  const { assignee } = room;
  return (
    <Dialog opened onClose={onClose} size="lg" title={t('routing.ask')}>
      <Group gap="xs" mb="sm">
        <Badge variant="light">{t(`status.${room.status}`)}</Badge>
        <Text size="sm" dir="auto">
          {assignee ? t('heldBy', { name: nameOf(assignee, t('somebody')) }) : t('heldByNobody')}
        </Text>
      </Group>
      {isPending && <Loading />}
      {error && <LoadFault onRetry={pages.again} />}
      {!isPending && !error && decisions.length === 0 && <Text c="dimmed">{t(assignee ? 'routing.empty' : 'routing.emptyWaiting')}</Text>}
      <ol className="routing" aria-label={t('routing.ask')}>
        {decisions.map((decision) => (
          <Decision key={decision.id} decision={decision} />
        ))}
      </ol>
      {pages.hasMore && (
        <Button size="xs" variant="light" loading={pages.isBusy} onClick={pages.more}>
          {t('more')}
        </Button>
      )}
    </Dialog>
  );
};

export default RoutingDialog;
