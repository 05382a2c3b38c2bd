import { CloseButton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface RemovableListProps {
  label: string;
  items: readonly string[];
  /** How one is shown; as it is, if nothing else is said. */
  wordsOf?: (item: string) => string;
  /** What to say while there is none. */
  empty: string;
  /** Whether one is being taken off. */
  isBusy?: boolean;
  onRemove: (item: string) => void;
}

/** Short things in a row, each of which can be taken off. */
export const RemovableList = ({ label, items, wordsOf = String, empty, isBusy = false, onRemove }: RemovableListProps): ReactNode => {
  const { t } = useTranslation();
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <ul className="removable" aria-label={label}>
      {items.map((item) => (
        <li key={item}>
          <bdi>{wordsOf(item)}</bdi>
          <CloseButton size="sm" disabled={isBusy} aria-label={t('removeOne', { name: wordsOf(item) })} onClick={() => onRemove(item)} />
        </li>
      ))}
    </ul>
  );
};
