import { Button, Checkbox, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../../download.js';

const save = (codes: readonly string[]): void =>
  download('parley-recovery-codes.txt', new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));

/** Recovery codes, which are shown this once: one goes on only after saying that they are kept. */
export const RecoveryCodesView = ({ codes, onDone }: { codes: readonly string[]; onDone: () => void }): ReactNode => {
  const { t } = useTranslation();
  const [isKept, setKept] = useState(false);
  return (
    <Stack maw={480}>
      <Text>{t('security.codesHint')}</Text>
      <SimpleGrid component="ol" cols={{ base: 1, xs: 2 }} spacing={4} p={0} m={0} aria-label={t('security.codes')}>
        {codes.map((code) => (
          <Text key={code} component="li" ff="monospace" style={{ listStyle: 'none' }}>
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group>
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="light" onClick={copy}>
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
        <Button variant="light" onClick={() => save(codes)}>
          {t('security.downloadCodes')}
        </Button>
      </Group>
      <Checkbox label={t('security.codesKept')} checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
      <Group>
        <Button disabled={!isKept} onClick={onDone}>
          {t('security.done')}
        </Button>
      </Group>
    </Stack>
  );
};
