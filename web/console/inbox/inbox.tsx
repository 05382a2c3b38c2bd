import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { bodyOf } from '@parley/client';
import { useDesk } from '../desk.js';
import { RoomPane } from '../room/room-pane.js';
import { ListPane } from './list-pane.js';
import { VIEWS, type ViewName, type Wanted } from './room-lists.js';

const isViewName = (name: string | undefined): name is ViewName => name !== undefined && name in VIEWS;

/** A list of rooms with the one that was chosen beside it. */
export const Inbox = (): ReactNode => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const { view, viewId } = useParams();
  const [q, setQ] = useState('');
  const [asked] = useDebouncedValue(q.trim(), 300);
  const { data: saved } = useQuery({
    queryKey: ['view', viewId],
    queryFn: () => bodyOf(parley.rest.GET('/api/views/{id}', { params: { path: { id: viewId as string } } })),
    enabled: viewId !== undefined,
  });
  const wanted = useMemo((): Wanted | null => {
    const text = asked === '' ? {} : { q: asked };
    if (viewId !== undefined) return saved ? { filter: saved.filter, sort: saved.sort, viewId, ...text } : null;
    return isViewName(view) ? { ...VIEWS[view], ...text } : null;
  }, [view, viewId, saved, asked]);
  if (viewId === undefined && !isViewName(view)) return <Navigate to="/mine" replace />;
  const base = viewId === undefined ? `/${view}` : `/saved/${viewId}`;
  return (
    <div className="console-panes">
      {wanted ? (
        <ListPane title={saved?.name ?? t(`view.${view}`)} wanted={wanted} base={base} q={q} onSearch={setQ} />
      ) : (
        <section className="console-list" aria-busy="true" />
      )}
      <RoomPane base={base} />
    </div>
  );
};
