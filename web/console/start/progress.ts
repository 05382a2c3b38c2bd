import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { bodyOf, type Parley } from '@parley/client';
import type { StaffRoom } from '../../../src/contract/room.js';
import { useDesk } from '../desk.js';

/** Among how many of the newest rooms one of a visitor's is looked for. */
const ROOMS = 20;

/** How far a business has come. */
export interface Progress {
  slug: string;
  /** Whether the chat may stand on a site, or somebody has written from one. */
  hasWidget: boolean;
  /** Whether there is a second one who answers. */
  hasColleague: boolean;
  hasRoom: boolean;
}

/** Whether it was begun on the page of a site: the guest page says so of itself, too. */
const isFromSite = ({ context: { page } }: StaffRoom, slug: string): boolean =>
  typeof page === 'string' && !page.startsWith(`${location.origin}/chat/${slug}`);

const read =
  ({ rest }: Parley) =>
  async (): Promise<Progress> => {
    const [business, agents, rooms] = await Promise.all([
      bodyOf(rest.GET('/api/business')),
      bodyOf(rest.GET('/api/agents', { params: { query: { limit: 2 } } })),
      bodyOf(rest.GET('/api/rooms', { params: { query: { limit: ROOMS } } })),
    ]);
    const { slug, settings } = business;
    return {
      slug,
      hasWidget: settings.allowedOrigins.length > 0 || (rooms.items as StaffRoom[]).some((room) => isFromSite(room, slug)),
      hasColleague: agents.items.length > 1,
      hasRoom: rooms.items.length > 0,
    };
  };

interface Start {
  progress: Progress | undefined;
  /** Whether it is still being found out. */
  isLoading: boolean;
  isLost: boolean;
  refetch: () => unknown;
  /** Whether it is offered: to admins, until all is done or they want it no longer. */
  isOffered: boolean;
  /** Whether nobody has been here before. */
  isNew: boolean;
  hide: () => void;
}

/** The first steps of a business, as far as they are offered to whoever is signed in; asked for anew whenever somebody looks. */
export const useStart = (): Start => {
  const { parley, me } = useDesk();
  const [isHidden, setHidden] = useLocalStorage({
    key: `parley console start hidden ${me.businessId}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const isWanted = me.role === 'admin' && !isHidden;
  const { data, isLoading, isError, refetch } = useQuery({
    queryKey: ['start'],
    queryFn: read(parley),
    enabled: isWanted,
    staleTime: 0,
  });
  return {
    progress: data,
    isLoading,
    isLost: isError && !data,
    refetch,
    isOffered: isWanted && data !== undefined && !(data.hasWidget && data.hasColleague && data.hasRoom),
    isNew: isWanted && data !== undefined && !data.hasColleague && !data.hasRoom,
    hide: () => setHidden(true),
  };
};
