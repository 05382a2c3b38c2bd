import { Button, Code, CopyButton, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface CopyBlockProps {
  label: string;
  hint?: string;
  text: string;
}

/** Something to be pasted elsewhere as it is, with a button that copies it. */
export const CopyBlock = ({ label, hint, text }: CopyBlockProps): ReactNode => {
  const { t } = useTranslation();
  return (
    <div className="copy-block">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="light" aria-label={`${t(copied ? 'copied' : 'copy')}: ${label}`} onClick={copy}>
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
      {hint !== undefined && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
      <Code block mt={4} tabIndex={0} role="group" aria-label={label}>
        {text}
      </Code>
    </div>
  );
};
