import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '../../src/contract/page.js';

const LIMIT = 100;

/** Asks for one page of a list. */
export type ReadPage<Item> = (page: { limit: number; cursor?: string }) => Promise<Page<Item>>;

export interface Pages<Item> {
  items: readonly Item[];
  /** Nothing is known yet. */
  isPending: boolean;
  /** Something is on its way. */
  isFetching: boolean;
  error: Error | null;
  hasMore: boolean;
  isBusy: boolean;
  more: () => void;
  again: () => void;
}

interface Options {
  limit?: number;
  /** False until it is to be asked for. */
  isWanted?: boolean;
  /** Whether the last list stays while another one is asked for. */
  keepsLast?: boolean;
  /** Whether it is asked for anew whenever somebody looks. */
  isFresh?: boolean;
}

/** A list that is read page by page. */
export const usePages = <Item>(
  key: readonly unknown[],
  read: ReadPage<Item>,
  { limit = LIMIT, isWanted = true, keepsLast = false, isFresh = false }: Options = {},
): Pages<Item> => {
  const { data, isPending, isFetching, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read({ limit, ...(pageParam !== null && { cursor: pageParam }) }),
    enabled: isWanted,
    placeholderData: keepsLast ? keepPreviousData : undefined,
    refetchOnMount: isFresh ? 'always' : true,
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  return {
    ...{ isPending, isFetching, error, hasMore: hasNextPage, isBusy: isFetchingNextPage },
    items: data?.pages.flatMap((page) => page.items) ?? [],
    more: () => void fetchNextPage(),
    again: () => void refetch(),
  };
};
