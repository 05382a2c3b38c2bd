import { useQuery, useQueryClient } from '@tanstack/react-query';
import { bodyOf, type Parley, type paths } from '@parley/client';
import type { Business } from '../../src/contract/business.js';
import { useDesk } from './desk.js';

/** Settings are merged key by key; what is not named stays. */
export type BusinessPatch = NonNullable<paths['/api/business']['patch']['requestBody']>['content']['application/json'];

const read = (parley: Parley) => (): Promise<Business> => bodyOf(parley.rest.GET('/api/business'));

/** One's own business, and how it is changed; undefined until it is known. */
export const useBusiness = (): { business: Business | undefined; patch: (change: BusinessPatch) => Promise<unknown> } => {
  const { parley } = useDesk();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: ['business'], queryFn: read(parley) });
  const patch = async (body: BusinessPatch): Promise<void> => {
    queries.setQueryData(['business'], await bodyOf(parley.rest.PATCH('/api/business', { body })));
  };
  return { business: data, patch };
};
