import { Box, Group, SegmentedControl, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { bodyOf, ParleyError } from '@parley/client';
import { useDesk } from '../desk.js';
import { LoadFault } from '../load-fault.js';
import { RoomPane } from '../room/room-pane.js';
import { useFilter } from './filter.js';
import { FilterMenu } from './filter-menu.js';
import { Hits, type HitKind } from './hits.js';
import { ListEdge } from './list-edge.js';
import { usePlace } from './place.js';
import { RoomRows } from './room-rows.js';
import { VIEWS, type ViewName, type Wanted } from './room-lists.js';
import { ViewMenu } from './view-menu.js';

const isViewName = (name: string | undefined): name is ViewName => name !== undefined && name in VIEWS;

type Found = 'rooms' | HitKind;
const FOUND: readonly Found[] = ['rooms', 'messages', 'customers'];

/** A list of rooms with the one that was chosen beside it. */
export const Inbox = (): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const { view, viewId } = useParams();
  const [q, setQ] = useState('');
  const [found, setFound] = useState<Found>('rooms');
  const [asked] = useDebouncedValue(q.trim(), 300);
  const narrowed = useFilter();
  const {
    data: saved,
    error,
    refetch,
  } = useQuery({
    queryKey: ['view', viewId],
    queryFn: () => bodyOf(parley.rest.GET('/api/views/{id}', { params: { path: { id: viewId as string } } })),
    enabled: viewId !== undefined,
  });
  const wanted = useMemo((): Wanted | null => {
    const { filter, sort } = narrowed;
    const text = asked === '' ? {} : { q: asked };
    const list = viewId === undefined ? (isViewName(view) ? VIEWS[view] : undefined) : saved;
    if (!list) return null;
    const isWhole = Object.keys(filter).length === 0 && sort === undefined;
    const as = viewId !== undefined && isWhole ? { viewId } : {};
    return { filter: { ...list.filter, ...filter }, sort: sort ?? list.sort, ...as, ...text };
  }, [view, viewId, saved, asked, narrowed.filter, narrowed.sort]);
  const base = viewId === undefined ? `/${view}` : `/saved/${viewId}`;
  const go = usePlace(base);
  if (viewId === undefined && !isViewName(view)) return <Navigate to="/mine" replace />;
  const isGone = error instanceof ParleyError && error.code === 'view.not_found';
  if (isGone) return <Navigate to="/mine" replace />;
  const title = saved?.name ?? (viewId === undefined ? t(`view.${view}`) : t('savedViews'));
  return (
    <div className="console-panes">
      <section className="console-list" aria-label={title} aria-busy={wanted === null}>
        <Box p="sm">
          <Group justify="space-between" wrap="nowrap" mb={6}>
            <Title order={1} size="h5" dir="auto">
              {title}
            </Title>
            <Group gap={2} wrap="nowrap">
              {saved && <ViewMenu view={saved} />}
              {wanted && <FilterMenu filter={narrowed} wanted={wanted} canSave={q === ''} />}
            </Group>
          </Group>
          <TextInput
            type="search"
            size="sm"
            aria-label={t('search')}
            placeholder={t('search')}
            maxLength={200}
            value={q}
            onChange={({ currentTarget }) => setQ(currentTarget.value)}
          />
          {asked !== '' && (
            <SegmentedControl
              size="xs"
              mt="xs"
              fullWidth
              aria-label={t('searchIn')}
              value={found}
              data={FOUND.map((value) => ({ value, label: t(`searchIn.${value}`) }))}
              onChange={setFound}
            />
          )}
        </Box>
        {wanted === null && error && <LoadFault onRetry={() => void refetch()} />}
        {wanted && asked !== '' && found !== 'rooms' ? (
          <Hits kind={found} q={asked} go={go} />
        ) : (
          wanted && <RoomRows title={title} wanted={wanted} go={go} />
        )}
      </section>
      <ListEdge />
      <RoomPane base={base} />
    </div>
  );
};
