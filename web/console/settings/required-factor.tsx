import { Anchor, Center, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parley } from '@parley/client';
import { SecondFactorSetUp } from './second-factor-set-up.js';

interface RequiredFactorProps {
  parley: Parley;
  onDone: () => void;
  onLeave: () => void;
}

/** Where somebody is led who lacks a second factor that the business requires: the server lets such a session do nothing else. */
const RequiredFactor = ({ parley, onDone, onLeave }: RequiredFactorProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={520}>
        <Stack>
          <Title order={1} size="h3">
            {t('security.requiredTitle')}
          </Title>
          <Text>{t('security.requiredIntro')}</Text>
          <SecondFactorSetUp parley={parley} onDone={onDone} />
          <Anchor component="button" type="button" onClick={onLeave}>
            {t('signOut')}
          </Anchor>
        </Stack>
      </Paper>
    </Center>
  );
};

export default RequiredFactor;
