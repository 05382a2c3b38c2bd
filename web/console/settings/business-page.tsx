import type { ReactNode } from 'react';
import type { Business } from '../../../src/contract/business.js';
import { LoadFault } from '../load-fault.js';
import { Page } from '../page.js';
import { useBusiness, type BusinessPatch } from '../business.js';
import { Loading } from '../loading.js';

export interface BusinessFormProps {
  business: Business;
  patch: (change: BusinessPatch) => Promise<unknown>;
}

/** A page about the business: its form once the business is known, until then that it is on its way, or could not be had. */
export const BusinessPage = ({ title, form: Form }: { title: string; form: (props: BusinessFormProps) => ReactNode }): ReactNode => {
  const { business, isLost, retry, patch } = useBusiness();
  if (business) return <Form business={business} patch={patch} />;
  return <Page title={title}>{isLost ? <LoadFault onRetry={retry} /> : <Loading />}</Page>;
};
