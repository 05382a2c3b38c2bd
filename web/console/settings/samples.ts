import { useTranslation } from 'react-i18next';
import type { AutoVariable } from '../../../src/contract/automation.js';
import type { ReplyVariable } from '../../../src/contract/canned-reply.js';
import { nameOf, useDesk } from '../desk.js';

/** What previews put in the place of variables. */
export const useSamples = (businessName: string): Record<AutoVariable | ReplyVariable, string> => {
  const { t } = useTranslation();
  const { me } = useDesk();
  return {
    'customer.name': t('sample.name'),
    'customer.email': t('sample.email'),
    'agent.name': nameOf(me, t('somebody')),
    'business.name': businessName,
    'business.nextOpening': t('sample.opening'),
    'room.subject': t('sample.subject'),
  };
};
