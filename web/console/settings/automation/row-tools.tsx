import { ActionIcon, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../icon.js';

/** The list with the one at `from` at `to`. */
const moved = <Item,>(items: readonly Item[], from: number, to: number): Item[] => {
  const rest = items.filter((_, at) => at !== from);
  const item = items.slice(from, from + 1);
  return [...rest.slice(0, to), ...item, ...rest.slice(to)];
};

interface RowToolsProps<Item> {
  items: readonly Item[];
  at: number;
  /** What the row is called, such as "Action 2". */
  name: string;
  onChange: (items: Item[]) => void;
}

/** Moves a row of a list up or down, or takes it out. */
export const RowTools = <Item,>({ items, at, name, onChange }: RowToolsProps<Item>): ReactNode => {
  const { t } = useTranslation();
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        aria-label={t('automation.up', { name })}
        disabled={at === 0}
        onClick={() => onChange(moved(items, at, at - 1))}
      >
        <Icon name="up" />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={t('automation.down', { name })}
        disabled={at === items.length - 1}
        onClick={() => onChange(moved(items, at, at + 1))}
      >
        <Icon name="down" />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={t('deleteOne', { name })}
        onClick={() => onChange(items.filter((_, other) => other !== at))}
      >
        <Icon name="close" />
      </ActionIcon>
    </Group>
  );
};
