import { Center } from '@mantine/core';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError, type Parley } from '@parley/client';
import { DeskProvider, openDesk, type Desk } from './desk.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';
import { Loading } from './loading.js';

const RETRY_MS = 3_000;

/** The way in, or the desk of whoever is in. */
export const App = ({ parley, onLeave }: { parley: Parley; onLeave: () => void }): ReactNode => {
  const { t } = useTranslation();
  const [desk, setDesk] = useState<Desk | null>(null);
  const [isOut, setOut] = useState(parley.user === null);
  const [reason, setReason] = useState<string | null>(null);

  const end = useCallback(
    async (why: string | null, tellServer: boolean) => {
      await (tellServer ? parley.signOut() : parley.forget());
      onLeave();
      setDesk(null);
      setReason(why);
      setOut(true);
    },
    [parley, onLeave],
  );
  const enter = useCallback(async (): Promise<void> => {
    setOut(false);
    try {
      setDesk(await openDesk(parley, () => end(null, true)));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.retryable) setTimeout(() => void enter(), error.retryAfterMs ?? RETRY_MS);
      else await end(t('signIn.ended'), false);
    }
  }, [parley, end, t]);

  useEffect(() => {
    if (parley.user) void enter();
  }, [parley, enter]);
  // The next one who signs in has lists of its own.
  useEffect(() => () => desk?.lists.end(), [desk]);
  useEffect(
    () =>
      parley.connection.on('state', ({ status }) => {
        if (status === 'ended') void end(t('signIn.ended'), false);
      }),
    [parley, end, t],
  );

  if (isOut) return <SignIn parley={parley} reason={reason} onDone={() => void enter()} />;
  if (!desk) {
    return (
      <Center component="main" mih="100dvh">
        <Loading />
      </Center>
    );
  }
  return (
    <DeskProvider desk={desk}>
      <Shell />
    </DeskProvider>
  );
};
