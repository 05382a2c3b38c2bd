import { Alert, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';
import { CopyBlock } from './copy-block.js';
import { Section } from './section.js';

/** How a site signs, on its own server. */
const SIGNING = {
  'Node.js': "const signature = createHmac('sha256', identitySecret).update(externalId).digest('hex');",
  PHP: "$signature = hash_hmac('sha256', $externalId, $identitySecret);",
  Python: "signature = hmac.new(identity_secret.encode(), external_id.encode(), 'sha256').hexdigest()",
  Ruby: "signature = OpenSSL::HMAC.hexdigest('sha256', identity_secret, external_id)",
} as const;
type Language = keyof typeof SIGNING;

const identifyCode = (slug: string): string => `Parley('boot', { business: '${slug}' });
Parley('identify', { externalId: 'crm-4711', signature: '…', name: 'Gwen' });`;

/** Makes the secret that a site signs with, shows it this once, and shows how it is used. */
export const IdentitySecret = ({ slug }: { slug: string }): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const ask = useAsk();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [language, setLanguage] = useState<Language>('Node.js');
  const renew = async (): Promise<void> => {
    setBusy(true);
    await ask(async () => setSecret((await bodyOf(rest.POST('/api/business/identity-secret'))).identitySecret));
    setBusy(false);
    setAsking(false);
  };
  return (
    <Section title={t('identity.secret')} intro={t('identity.secretHint')}>
      {secret !== null && (
        <Alert color="green" role="status">
          <CopyBlock label={t('identity.secret')} hint={t('identity.once')} text={secret} />
        </Alert>
      )}
      <div>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('identity.renew')}
        </Button>
      </div>
      <SegmentedControl
        aria-label={t('identity.language')}
        value={language}
        data={Object.keys(SIGNING)}
        onChange={(chosen) => setLanguage(chosen as Language)}
      />
      <CopyBlock label={t('identity.sign')} hint={t('identity.signHint')} text={SIGNING[language]} />
      <CopyBlock label={t('identity.page')} hint={t('identity.pageHint')} text={identifyCode(slug)} />
      <Dialog opened={isAsking} onClose={() => setAsking(false)} title={t('identity.renew')}>
        <Text>{t('identity.renewWarning')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red" loading={isBusy} onClick={() => void renew()}>
            {t('identity.renew')}
          </Button>
        </Group>
      </Dialog>
    </Section>
  );
};
