import { Badge, Button, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { Page } from '../page.js';
import { useBusiness } from '../business.js';
import { ConfirmDialog } from '../confirm-dialog.js';
import { ProofDialog } from './proof-dialog.js';
import { RecoveryCodesView } from './recovery-codes.js';
import { SecondFactorSetUp } from './second-factor-set-up.js';

type Step = 'rest' | 'setUp' | 'renew' | 'disable';

const SecondFactor = ({ isRequired }: { isRequired: boolean }): ReactNode => {
  const { t } = useTranslation();
  const { parley, me, setMe } = useDesk();
  const [step, setStep] = useState<Step>('rest');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const rest = (): void => setStep('rest');
  const turn = (secondFactor: boolean): void => {
    setMe({ ...me, secondFactor });
    rest();
  };
  if (codes) return <RecoveryCodesView codes={codes} onDone={() => setCodes(null)} />;
  if (step === 'setUp') return <SecondFactorSetUp parley={parley} onDone={() => turn(true)} onCancel={rest} />;
  if (!me.secondFactor) return <Button onClick={() => setStep('setUp')}>{t('security.setUp')}</Button>;
  return (
    <>
      <Group>
        <Button variant="light" onClick={() => setStep('renew')}>
          {t('security.renew')}
        </Button>
        <Button variant="light" color="red" disabled={isRequired} onClick={() => setStep('disable')}>
          {t('security.disable')}
        </Button>
      </Group>
      {isRequired && (
        <Text size="sm" c="dimmed">
          {t('security.disableNot')}
        </Text>
      )}
      {step === 'renew' && (
        <ProofDialog
          title={t('security.renew')}
          warning={t('security.renewWarning')}
          action={t('security.renew')}
          onClose={rest}
          work={async (body) => {
            const { recoveryCodes } = await bodyOf(parley.rest.POST('/api/auth/second-factor/recovery-codes', { body }));
            rest();
            setCodes(recoveryCodes);
          }}
        />
      )}
      {step === 'disable' && (
        <ProofDialog
          title={t('security.disable')}
          warning={t('security.disableWarning')}
          action={t('security.disable')}
          color="red"
          onClose={rest}
          work={async (body) => {
            await bodyOf(parley.rest.POST('/api/auth/second-factor/disable', { body }));
            turn(false);
          }}
        />
      )}
    </>
  );
};

/** Whether everybody who answers customers needs a second factor. */
const Requirement = ({ isOn, set }: { isOn: boolean; set: (isOn: boolean) => Promise<unknown> }): ReactNode => {
  const { t } = useTranslation();
  const ask = useAsk();
  const [isAsking, setAsking] = useState(false);
  const saved = (): void => void notifications.show({ message: t('saved') });
  const lift = async (): Promise<void> => {
    if (await ask(() => set(false))) saved();
  };
  return (
    <>
      <Switch
        label={t('security.require')}
        description={t('security.requireHint')}
        checked={isOn}
        onChange={({ currentTarget }) => {
          if (currentTarget.checked) setAsking(true);
          else void lift();
        }}
      />
      {isAsking && (
        <ConfirmDialog
          title={t('security.require')}
          warning={t('security.requireWarning')}
          action={t('security.requireGo')}
          work={async () => {
            await set(true);
            saved();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};

/** One's own second factor, and whether the business asks for one of everybody. */
export const Security = (): ReactNode => {
  const { t } = useTranslation();
  const { me } = useDesk();
  const { business, patch } = useBusiness();
  const isRequired = business?.settings.secondFactorRequired ?? false;
  return (
    <Page title={t('settings.security')} intro={t('security.intro')}>
      <Stack maw={640} gap="xl">
        <Stack component="section" align="flex-start" aria-label={t('security.factor')}>
          <Group>
            <Title order={2} size="h4">
              {t('security.factor')}
            </Title>
            <Badge color={me.secondFactor ? 'green' : 'gray'} variant="light">
              {t(me.secondFactor ? 'security.on' : 'security.off')}
            </Badge>
          </Group>
          <SecondFactor isRequired={isRequired} />
        </Stack>
        {me.role === 'admin' && business && (
          <Stack component="section" aria-label={t('security.everybody')}>
            <Title order={2} size="h4">
              {t('security.everybody')}
            </Title>
            <Requirement isOn={isRequired} set={(secondFactorRequired) => patch({ settings: { secondFactorRequired } })} />
          </Stack>
        )}
      </Stack>
    </Page>
  );
};
