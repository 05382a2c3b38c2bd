import { Button, Group, Menu, Text, Textarea } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { render } from '../../../src/contract/template.js';

interface TemplateFieldProps<Variable extends string> {
  label: string;
  description?: string;
  required?: boolean;
  maxLength: number;
  value: string;
  onChange: (text: string) => void;
  error?: string | undefined;
  /** What may stand in the text, with what the preview puts in its place. */
  samples: Readonly<Record<Variable, string>>;
}

/** A text in which variables may stand, with a list to choose them from and what it will look like. */
export const TemplateField = <Variable extends string>(props: TemplateFieldProps<Variable>): ReactNode => {
  const { label, description, required, maxLength, value, onChange, error, samples } = props;
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const insert = (variable: string): void => {
    const { selectionStart, selectionEnd } = box.current ?? { selectionStart: value.length, selectionEnd: value.length };
    const before = `${value.slice(0, selectionStart)}{{${variable}}}`;
    onChange(before + value.slice(selectionEnd));
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(before.length, before.length);
    });
  };
  return (
    <div>
      <Textarea
        ref={box}
        label={label}
        description={description}
        required={required ?? false}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={maxLength}
        dir="auto"
        value={value}
        error={error}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <Group mt={4} gap="xs" align="flex-start" wrap="nowrap">
        <Menu withinPortal={false} returnFocus={false} withInitialFocusPlaceholder={false} position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" aria-label={`${t('variable.insert')}: ${label}`}>
              {t('variable.insert')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(samples) as Variable[]).map((variable) => (
              <Menu.Item key={variable} onClick={() => insert(variable)}>
                <code>{`{{${variable}}}`}</code> {t(`variable.${variable}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {value.trim() !== '' && (
          <Text size="sm" c="dimmed" className="template-preview">
            {t('variable.preview')} <bdi className="template-text">{render(value, samples)}</bdi>
          </Text>
        )}
      </Group>
    </div>
  );
};
