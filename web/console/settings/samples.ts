import { useTranslation } from 'react-i18next';
import type { AutoVariable } from '../../../src/contract/automation.js';
import type { ReplyVariable } from '../../../src/contract/canned-reply.js';
import { nameOf, useDesk } from '../desk.js';

type Variable = AutoVariable | ReplyVariable;

/** What previews put in the place of these variables, and of no others. */
export const useSamples = <Wanted extends Variable>(variables: readonly Wanted[], businessName: string): Record<Wanted, string> => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const samples: Record<Variable, string> = {
    'customer.name': t('sample.name'),
    'customer.email': t('sample.email'),
    'agent.name': nameOf(me, t('somebody')),
    'business.name': businessName,
    'business.nextOpening': t('sample.opening'),
    'room.subject': t('sample.subject'),
  };
  return Object.fromEntries(variables.map((variable) => [variable, samples[variable]])) as Record<Wanted, string>;
};
