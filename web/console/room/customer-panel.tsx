import { ActionIcon, Avatar, Badge, Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { nameOf, useDesk } from '../desk.js';
import { Icon } from '../icon.js';
import { CustomerMenu } from './customer-menu.js';
import { Overrides } from './overrides.js';
import { useAttendance } from '../inbox/attendance.js';
import { usePlace } from '../inbox/place.js';

const Facts = ({ facts }: { facts: Record<string, unknown> }): ReactNode => (
  <dl className="facts">
    {Object.entries(facts)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
  </dl>
);

interface CustomerPanelProps {
  room: StaffRoom;
  isOpen: boolean;
  onClose: () => void;
  base: string;
}

/** Who the customer is, where it came from, and what it asked before. */
export const CustomerPanel = ({ room, isOpen, onClose, base }: CustomerPanelProps): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const go = usePlace(base);
  const { id } = room.customer;
  const { data: customer = room.customer } = useQuery({
    queryKey: ['customer', id],
    queryFn: () => bodyOf(parley.rest.GET('/api/customers/{id}', { params: { path: { id } } })),
  });
  const { data: past } = useQuery({
    queryKey: ['customer', id, 'rooms'],
    queryFn: () => bodyOf(parley.rest.GET('/api/customers/{id}/rooms', { params: { path: { id }, query: { limit: 20 } } })),
  });
  const presence = useAttendance([room.id]).get(room.id)?.customerPresence ?? customer.presence;
  const name = nameOf(customer, t('guest'));
  const others = past?.items.filter((one) => one.id !== room.id) ?? [];
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  return (
    <aside className="console-customer" data-open={isOpen} aria-label={t('customer')}>
      <ActionIcon className="console-customer-close" variant="subtle" aria-label={t('close')} onClick={onClose}>
        <Icon name="close" />
      </ActionIcon>
      <Stack gap="xs" p="md">
        <Group wrap="nowrap">
          <Avatar name={name} src={customer.avatarUrl} />
          <div className="console-customer-name">
            <Title order={2} size="h6" dir="auto">
              {name}
            </Title>
            <Text size="xs" c="dimmed">
              {t(`presence.${presence}`)}
            </Text>
          </div>
          <CustomerMenu customer={customer} name={name} onErased={() => go(null)} />
        </Group>
        {customer.email !== null && (
          <Group gap={4}>
            <Text size="sm">{customer.email}</Text>
            <CopyButton value={customer.email}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="subtle" onClick={copy}>
                  {t(copied ? 'copied' : 'copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        )}
        <Group gap={4}>
          {customer.verified && <Badge size="xs">{t('verified')}</Badge>}
          {customer.blocked && (
            <Badge size="xs" color="red">
              {t('blocked')}
            </Badge>
          )}
          {customer.labels.map((label) => (
            <Badge key={label} size="xs" variant="default">
              {label}
            </Badge>
          ))}
        </Group>
        <Facts facts={customer.attributes} />
        <Title order={2} size="h6" mt="sm">
          {t('thisRoom')}
        </Title>
        {room.subject !== null && (
          <Text size="sm" dir="auto">
            {room.subject}
          </Text>
        )}
        <Group gap={4}>
          {room.labels.map((label) => (
            <Badge key={label} size="xs" variant="default">
              {label}
            </Badge>
          ))}
        </Group>
        {room.rating && (
          <Text size="sm">
            {t('rated', { score: room.rating.score })} {room.rating.comment}
          </Text>
        )}
        <Overrides overrides={room.overrides} />
        <Facts facts={room.context} />
        <Title order={2} size="h6" mt="sm">
          {t('pastRooms')}
        </Title>
        {others.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('noPastRooms')}
          </Text>
        )}
        {others.map((one) => (
          <button key={one.id} type="button" className="past-room" onClick={() => go(one.id)}>
            <span dir="auto">{one.lastMessage?.body ?? one.subject ?? t('nothingSaid')}</span>
            <small>
              {date.format(new Date(one.createdAt))} · {t(`status.${one.status}`)}
            </small>
          </button>
        ))}
      </Stack>
    </aside>
  );
};
