import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { ROOM_SORTS, type RoomFilter, type RoomSort } from '../../../src/contract/inbox.js';

const KEYS = ['status', 'priority', 'assignee', 'label', 'teamId', 'customerId'] as const satisfies (keyof RoomFilter)[];

export interface Filter {
  /** What is asked for beyond the list itself. */
  filter: RoomFilter;
  sort: RoomSort | undefined;
  /** Null takes something away. */
  set: (change: Partial<Record<keyof RoomFilter | 'sort', string | null>>) => void;
  clear: () => void;
}

/** A filter and an order that stand in the address, so that they outlive a reload and can be sent to a colleague. */
export const useFilter = (): Filter => {
  const [params, setParams] = useSearchParams();
  const { filter, sort } = useMemo(() => {
    const asked = params.get('sort');
    return {
      filter: Object.fromEntries(KEYS.flatMap((key) => (params.has(key) ? [[key, params.get(key)]] : []))),
      sort: ROOM_SORTS.find((one) => one === asked),
    };
  }, [params]);
  const set: Filter['set'] = (change) => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(change)) {
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    setParams(next, { replace: true });
  };
  return { filter, sort, set, clear: () => setParams({}, { replace: true }) };
};
