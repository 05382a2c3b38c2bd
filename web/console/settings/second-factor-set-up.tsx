import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type Parley } from '@parley/client';
import { MAX_CODE_LENGTH, type SecondFactorDraft } from '../../../src/contract/second-factor.js';
import { useDraft } from '../draft.js';
import { PasswordField } from './password-field.js';
import { QrCode } from './qr-code.js';
import { RecoveryCodesView } from './recovery-codes.js';

interface SetUpProps {
  parley: Parley;
  /** It is on, and the recovery codes are kept. */
  onDone: () => void;
  onCancel?: () => void;
}

interface StepProps<Result> extends Pick<SetUpProps, 'parley' | 'onCancel'> {
  onNext: (result: Result) => void;
}

const Buttons = ({ action, isBusy, onCancel }: { action: string; isBusy: boolean; onCancel?: () => void }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Group>
      <Button type="submit" loading={isBusy}>
        {action}
      </Button>
      {onCancel && (
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
      )}
    </Group>
  );
};

/** Who has only the session does not have the password. */
const Password = ({ parley, onNext, onCancel }: StepProps<SecondFactorDraft>): ReactNode => {
  const { t } = useTranslation();
  const { value, set, faults, isBusy, save } = useDraft(
    { password: '' },
    async (body) => onNext(await bodyOf(parley.rest.POST('/api/auth/second-factor', { body }))),
    { 'auth.invalid_credentials': ['password', t('security.wrongPassword')] },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack maw={480}>
        <PasswordField
          label={t('security.password')}
          value={value.password}
          error={faults.password}
          onWrite={(password) => set({ password })}
        />
        <Buttons action={t('security.begin')} isBusy={isBusy} onCancel={onCancel} />
      </Stack>
    </form>
  );
};

const Confirm = ({ parley, draft, onNext, onCancel }: StepProps<readonly string[]> & { draft: SecondFactorDraft }): ReactNode => {
  const { t } = useTranslation();
  const { value, set, faults, isBusy, save } = useDraft(
    { code: '' },
    async ({ code }) => {
      const { recoveryCodes } = await bodyOf(parley.rest.POST('/api/auth/second-factor/confirm', { body: { code } }));
      onNext(recoveryCodes);
    },
    { 'auth.invalid_credentials': ['code', t('signIn.wrongCode')] },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack maw={480}>
        <Text>{t('security.scan')}</Text>
        <QrCode text={draft.uri} label={t('security.code')} />
        <Group align="flex-end">
          <TextInput
            flex={1}
            label={t('security.secret')}
            description={t('security.secretHint')}
            readOnly
            styles={{ input: { fontFamily: 'monospace' } }}
            value={draft.secret}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <CopyButton value={draft.secret}>
            {({ copied, copy }) => (
              <Button variant="light" onClick={copy}>
                {t(copied ? 'copied' : 'copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
        <TextInput
          label={t('security.appCode')}
          description={t('security.appCodeHint')}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          maxLength={MAX_CODE_LENGTH}
          value={value.code}
          error={faults.code}
          onChange={({ currentTarget }) => set({ code: currentTarget.value })}
        />
        <Buttons action={t('security.confirm')} isBusy={isBusy} onCancel={onCancel} />
      </Stack>
    </form>
  );
};

/** From the password to a second factor that counts, and to recovery codes that are kept. */
export const SecondFactorSetUp = ({ parley, onDone, onCancel }: SetUpProps): ReactNode => {
  const [draft, setDraft] = useState<SecondFactorDraft | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodesView codes={codes} onDone={onDone} />;
  if (draft) return <Confirm parley={parley} draft={draft} onNext={setCodes} onCancel={onCancel} />;
  return <Password parley={parley} onNext={setDraft} onCancel={onCancel} />;
};
