import { Center } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError, type Parley } from '@parley/client';
import { DeskProvider, openDesk, type OpenDesk } from './desk.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';
import { Loading } from './loading.js';

const RETRY_MS = 3_000;
/** So long another tab may take to keep its new session. */
const CATCH_UP_MS = 1_000;

/** Few ever see it. */
const RequiredFactor = lazy(() => import('./settings/required-factor.js'));

const Waiting = (): ReactNode => (
  <Center component="main" mih="100dvh">
    <Loading />
  </Center>
);

/** The way in, or the desk of whoever is in. */
export const App = ({ parley, onLeave }: { parley: Parley; onLeave: () => void }): ReactNode => {
  const { t } = useTranslation();
  const [desk, setDesk] = useState<OpenDesk | null>(null);
  const [isOut, setOut] = useState(parley.user === null);
  /** Signed in, and asked for a second factor before anything else. */
  const [lacksFactor, setLacksFactor] = useState(false);
  const [reason, setReason] = useState<string | null>(null);

  const end = useCallback(
    async (why: string | null, tellServer: boolean) => {
      await (tellServer ? parley.signOut() : parley.forget());
      onLeave();
      setDesk(null);
      setLacksFactor(false);
      setReason(why);
      setOut(true);
    },
    [parley, onLeave],
  );
  const enter = useCallback(async (): Promise<void> => {
    setOut(false);
    setLacksFactor(false);
    try {
      setDesk(await openDesk(parley, () => end(null, true)));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'auth.second_factor_required') setLacksFactor(true);
      else if (error.retryable) setTimeout(() => void enter(), error.retryAfterMs ?? RETRY_MS);
      else await end(t('signIn.ended'), false);
    }
  }, [parley, end, t]);

  useEffect(() => {
    if (parley.user) void enter();
  }, [parley, enter]);
  // The next one who signs in has lists and drafts of its own.
  useEffect(
    () => () => {
      desk?.lists.end();
      desk?.drafts.end();
    },
    [desk],
  );
  useEffect(
    () =>
      parley.connection.on('state', ({ status }) => {
        // Another tab may have gone on with a session of its own, which all tabs share, as after a change of the password.
        if (status === 'ended') setTimeout(() => parley.user && void enter(), CATCH_UP_MS);
      }),
    [parley, enter],
  );

  if (isOut) return <SignIn parley={parley} reason={reason} onDone={() => void enter()} />;
  if (lacksFactor) {
    return (
      <Suspense fallback={<Waiting />}>
        <RequiredFactor parley={parley} onDone={() => void enter()} onLeave={() => void end(null, true)} />
      </Suspense>
    );
  }
  if (!desk) return <Waiting />;
  return (
    <DeskProvider key={desk.me.id} desk={desk}>
      <Shell />
    </DeskProvider>
  );
};
