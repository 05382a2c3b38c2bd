import { Alert, Anchor, Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, ParleyError, type Parley } from '@parley/client';

type Step = 'password' | 'code' | 'forgot' | 'sent';

/** Where staff sign in: by password, then by a code where they have a second factor. */
export const SignIn = ({ parley, reason, onDone }: { parley: Parley; reason: string | null; onDone: () => void }): ReactNode => {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('password');
  const [values, setValues] = useState({ email: '', password: '', code: '' });
  const [fault, setFault] = useState(reason);
  const [isBusy, setBusy] = useState(false);
  const set = (field: keyof typeof values) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [field]: event.currentTarget.value });

  const signIn = async (): Promise<void> => {
    const { email, password, code } = values;
    try {
      const user = await parley.signIn({ email, password, ...(step === 'code' && { code: code.trim() }) });
      if (user.role === 'agent' || user.role === 'admin') onDone();
      else {
        await parley.signOut();
        setFault(t('signIn.noStaff'));
      }
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'auth.code_required') setStep('code');
      else if (error.code === 'auth.invalid_credentials') setFault(t(step === 'code' ? 'signIn.wrongCode' : 'signIn.wrong'));
      else
        setFault(
          error.code === 'rate.limited' ? t('signIn.limited', { seconds: Math.ceil((error.retryAfterMs ?? 0) / 1_000) }) : error.message,
        );
    }
  };
  const ask = async (): Promise<void> => {
    try {
      await bodyOf(parley.rest.POST('/api/auth/password/forgot', { body: { email: values.email } }));
      setStep('sent');
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  const submit = (event: { preventDefault: () => void }): void => {
    event.preventDefault();
    setFault(null);
    setBusy(true);
    void (step === 'forgot' ? ask() : signIn()).finally(() => setBusy(false));
  };

  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper component="form" withBorder p="xl" w="100%" maw={400} onSubmit={submit}>
        <Stack>
          <Title order={1} size="h3">
            {t(step === 'forgot' || step === 'sent' ? 'signIn.forgotTitle' : 'signIn.title')}
          </Title>
          {fault !== null && (
            <Alert color="red" role="alert">
              {fault}
            </Alert>
          )}
          {step === 'sent' && <Alert role="status">{t('signIn.sent', { email: values.email })}</Alert>}
          {(step === 'password' || step === 'forgot') && (
            <TextInput
              label={t('signIn.email')}
              type="email"
              autoComplete="username"
              required
              autoFocus
              value={values.email}
              onChange={set('email')}
            />
          )}
          {step === 'password' && (
            <PasswordInput
              label={t('signIn.password')}
              autoComplete="current-password"
              required
              value={values.password}
              onChange={set('password')}
            />
          )}
          {step === 'code' && (
            <TextInput
              label={t('signIn.code')}
              description={t('signIn.codeHint')}
              autoComplete="one-time-code"
              required
              autoFocus
              value={values.code}
              onChange={set('code')}
            />
          )}
          {step !== 'sent' && (
            <Button type="submit" loading={isBusy}>
              {t(step === 'forgot' ? 'signIn.askLink' : 'signIn.go')}
            </Button>
          )}
          {step === 'password' ? (
            <Anchor component="button" type="button" onClick={() => setStep('forgot')}>
              {t('signIn.forgot')}
            </Anchor>
          ) : (
            <Anchor component="button" type="button" onClick={() => setStep('password')}>
              {t('signIn.back')}
            </Anchor>
          )}
        </Stack>
      </Paper>
    </Center>
  );
};
