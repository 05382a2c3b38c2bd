import { useQuery, useQueryClient } from '@tanstack/react-query';
import { bodyOf, type Parley, type paths } from '@parley/client';
import type { Business } from '../../../src/contract/business.js';
import { useDesk } from '../desk.js';

/** Settings are merged key by key; what is not named stays. */
export type BusinessPatch = NonNullable<paths['/api/business']['patch']['requestBody']>['content']['application/json'];

const read = (parley: Parley) => (): Promise<Business> => bodyOf(parley.rest.GET('/api/business'));

interface OwnBusiness {
  /** Undefined until it is known. */
  business: Business | undefined;
  /** Whether it could not be had. */
  isLost: boolean;
  /** Asks for it again. */
  retry: () => void;
  patch: (change: BusinessPatch) => Promise<unknown>;
}

/** One's own business, and how it is changed. */
export const useBusiness = (): OwnBusiness => {
  const { parley } = useDesk();
  const queries = useQueryClient();
  const { data, isError, refetch } = useQuery({ queryKey: ['business'], queryFn: read(parley) });
  const patch = async (body: BusinessPatch): Promise<void> => {
    queries.setQueryData(['business'], await bodyOf(parley.rest.PATCH('/api/business', { body })));
  };
  return { business: data, isLost: isError && data === undefined, retry: () => void refetch(), patch };
};
